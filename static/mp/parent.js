/* Parents' pages work without this. With it a place is kept while the form is filled in, and the form talks to the public API. */
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("form[data-api]"); if (!form) { return; }
    var said = document.getElementById("said"), button = document.querySelector("[data-send]"), held = "", holding = Promise.resolve();

    function call(path, body, key) {
      var headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
      if (key) { headers["Idempotency-Key"] = key; }
      return fetch(form.dataset.api + path, { method: "POST", headers: headers, body: JSON.stringify(body), credentials: "omit" });
    }

    function keep() {
      holding = call("holds/", { slot: form.elements.slot.value }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (kept) {
        var line = document.getElementById("kept");
        if (kept) { held = kept.hold; if (line) { line.hidden = false; } }
      }).catch(function () { /* without a hold the place is taken when the form is sent */ });
    }
    function letGo() { // whoever looks around does not block the times they looked at
      if (!held) { return Promise.resolve(); }
      var gone = held; held = "";
      return fetch(form.dataset.api + "holds/" + gone + "/", { method: "DELETE", keepalive: true, credentials: "omit" }).catch(function () {});
    }
    if (form.dataset.hold) {
      keep();
      window.addEventListener("pagehide", letGo);
      window.addEventListener("pageshow", function (event) { if (event.persisted) { keep(); } });
      document.querySelectorAll("[data-leave]").forEach(function (link) {
        link.addEventListener("click", function (event) {
          if (held) { event.preventDefault(); letGo().then(function () { location.assign(link.href); }); }
        });
      });
    }

    function value(name) { var field = form.elements[name]; return field && field.value ? field.value.trim() : ""; }
    function body() {
      var yes = value("child_data") === "yes", year = value("birth_year"), month = value("birth_month");
      var told = { guardian_name: value("guardian_name"), phone: value("phone"), consent: { version: value("notice_version"), child_data: yes },
        needs: Array.from(form.querySelectorAll("[name=needs]:checked")).map(function (box) { return box.value; }),
        special: value("special"), course: value("course"), source: value("source"), website: value("website"), code: value("code"), email: value("email"), page: value("page") };
      if (yes) { told.child_name = value("child_name"); if (year && month) { told.birth_month = year + "-" + month; } }
      if (held) { told.hold = held; } else { told.slot = value("slot"); }
      return told;
    }

    function mark(fields) {
      form.querySelectorAll("[aria-invalid]").forEach(function (field) { field.removeAttribute("aria-invalid"); });
      form.querySelectorAll("[data-err]").forEach(function (line) { line.textContent = ""; });
      var first = null;
      Object.keys(fields || {}).forEach(function (name) {
        var line = form.querySelector('[data-err="' + name + '"]'), field = form.querySelector('[name="' + name + '"]');
        if (line) { line.textContent = fields[name][0].message; }
        if (field) { field.setAttribute("aria-invalid", "true"); first = first || field; }
      });
      return first;
    }

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      button.disabled = true; said.hidden = true;
      holding.then(function () { // a hold that is under way would stand in its own way
        return call(form.dataset.path, body(), form.elements.key.value);
      }).then(function (answer) {
        return answer.json().then(function (told) { done(answer.status, told); });
      }).catch(function () { button.disabled = false; said.hidden = false; said.textContent = said.dataset.offline; said.focus(); });
    });

    function done(status, told) {
      if (status === 201) { held = ""; location.assign(told.manage_url.replace(/^https?:\/\/[^/]+/, "")); return; }
      button.disabled = false;
      if (status === 404 && held) { held = ""; form.requestSubmit(); return; }
      var code = document.getElementById("code-row"), first = mark(told.fields);
      if (told.fields && told.fields.code && code) { code.hidden = false; }
      said.hidden = false; said.textContent = told.message;
      if (status === 409) { var other = document.getElementById("others"); if (other) { other.hidden = false; } }
      (first || said).focus();
    }

    var send = document.getElementById("send-code");
    if (send) {
      send.addEventListener("click", function () {
        send.disabled = true; setTimeout(function () { send.disabled = false; }, 60000);
        call("codes/", { phone: value("phone") }).then(function (answer) {
          if (answer.status !== 202) { return answer.json().then(function (told) { send.disabled = false; mark(told.fields); said.hidden = false; said.textContent = told.message; }); }
          return form.elements.code.focus();
        });
      });
    }
  });
}());
