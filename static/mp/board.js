/* The board renews itself, its clocks run, and a tap is never lost: without network it waits here with the time it was made. */
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var board = document.getElementById("board"); if (!board) { return; }
    var banner = document.getElementById("offline"), store = "mp-taps:" + location.pathname.split("/")[2], sending = false;
    var words = pairs(board.dataset.words), usual = pairs(board.dataset.usual);

    function pairs(text) { var found = {}; text.split(";").forEach(function (part) { var at = part.split("="); if (at[1]) { found[at[0].trim()] = at[1]; } }); return found; }
    function queue() { try { return JSON.parse(localStorage.getItem(store)) || []; } catch (error) { return []; } }
    function keep(taps) { localStorage.setItem(store, JSON.stringify(taps)); }
    function root() { return board.firstElementChild; }

    // -- clocks
    function tick() {
      board.querySelectorAll("[data-since]").forEach(function (clock) {
        var began = Date.parse(clock.dataset.since); if (isNaN(began)) { return; }
        var s = Math.max(0, Math.floor((Date.now() - began) / 1000)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
        clock.textContent = (h ? h + ":" + String(m).padStart(2, "0") : String(m)) + ":" + String(s % 60).padStart(2, "0");
      });
    }

    // -- taps
    board.addEventListener("submit", function (event) {
      var form = event.target; if (form.dataset.tap === undefined) { return; }
      event.preventDefault();
      var taps = queue(), to = form.elements.to.value;
      taps.push({ url: form.action, to: to, seen: form.elements.seen.value, key: key(), at: Date.now() });
      keep(taps); foresee(form, to); flush();
    });

    board.addEventListener("mp:step", function (event) { // a card that was dropped on another column (drag.js)
      var told = event.detail, taps = queue();
      taps.push({ url: told.url, to: told.to, seen: told.seen, key: key(), at: Date.now() });
      keep(taps); flush();
    });

    function key() { var raw = new Uint8Array(16); crypto.getRandomValues(raw); return Array.from(raw, function (n) { return n.toString(16).padStart(2, "0"); }).join(""); }

    function foresee(form, to) { // what the board will show, so that the next tap can follow without network
      var card = form.closest("[data-card]"), next = usual[to], pill = card && card.querySelector("[data-pill]");
      if (pill) { pill.textContent = words[to]; }
      board.querySelectorAll(".mp-now [data-step]").forEach(function (step) { if (!card) { step.className = step.dataset.step === to ? "is-now" : step.className.replace("is-now", "is-done"); } });
      form.elements.seen.value = to;
      if (next) { form.elements.to.value = next; form.querySelector("button").textContent = words[next]; } else { form.hidden = true; }
    }

    function flush() {
      var taps = queue();
      if (sending || !taps.length) { show(taps.length); return; }
      sending = true;
      var tap = taps[0], body = new FormData(), token = document.querySelector("[name=csrfmiddlewaretoken]");
      body.append("csrfmiddlewaretoken", token ? token.value : "");
      body.append("to", tap.to); body.append("seen", tap.seen); body.append("key", tap.key); body.append("ago", String(Math.max(0, Date.now() - tap.at))); body.append("view", root().dataset.view);
      fetch(tap.url, { method: "POST", body: body, headers: { "HX-Request": "true" }, credentials: "same-origin" }).then(function (answer) {
        sending = false;
        if (answer.status >= 500 || answer.url.indexOf("/accounts/login") > -1) { show(taps.length); return null; } // it waits
        keep(queue().slice(1));
        return answer.text().then(function (text) { if (queue().length) { flush(); } else { show(0); put(text); } });
      }).catch(function () { sending = false; show(queue().length); });
    }

    function show(count) { banner.hidden = !count || navigator.onLine && sending; banner.textContent = count ? banner.dataset.one + "（" + count + "）" : ""; }

    // -- the picture
    function put(text) {
      var kept = board.querySelector("[data-keeps][open]");
      board.innerHTML = text;
      if (kept && board.querySelector("[data-keeps]")) { board.querySelector("[data-keeps]").open = true; }
      if (window.htmx) { window.htmx.process(board); }
      tick();
    }
    function busy() { var at = document.activeElement; return queue().length || document.hidden || (at && board.contains(at) && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)) || board.querySelector(".mp-more[open], .is-lifted"); }
    function renew() {
      if (busy()) { return; }
      fetch(board.dataset.live + "?" + root().dataset.query + "&seen=" + root().dataset.stamp, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).then(function (answer) {
        return answer.status === 200 && answer.url.indexOf("/accounts/login") < 0 ? answer.text() : "";
      }).then(function (text) { if (text && !busy()) { put(text); } }).catch(function () { /* the next round */ });
    }

    var open = false;
    document.body.addEventListener("htmx:beforeSwap", function (event) { open = !!board.querySelector("[data-keeps][open]"); if ([409, 422].indexOf(event.detail.xhr.status) > -1) { event.detail.shouldSwap = true; event.detail.isError = false; } });
    document.body.addEventListener("htmx:afterSwap", function () { var list = board.querySelector("[data-keeps]"); if (open && list) { list.open = true; } tick(); });
    window.addEventListener("online", flush);
    setInterval(tick, 1000); setInterval(function () { flush(); renew(); }, 5000);
    tick(); flush();
  });
}());
