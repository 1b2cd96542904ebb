/* Staff pages work without this; it adds keys, dialogs, toasts that leave, and progress that moves. */
(function () {
  "use strict";
  var waiting = false;
  function typing(target) { return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable; }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey && event.key === "Enter" && event.target.form) { event.target.form.requestSubmit(); return; }
    if (event.ctrlKey && event.key === "z" && !typing(event.target)) { var last = document.getElementById("mp-undo-last"); if (last) { event.preventDefault(); last.submit(); } return; }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "/") { var box = document.getElementById("mp-q"); if (box) { box.focus(); event.preventDefault(); } return; }
    if (event.key === "?") { open("mp-keys"); return; }
    if (waiting) { var link = /^[a-z]$/.test(event.key) && document.querySelector('[data-key="' + event.key + '"]'); waiting = false; if (link) { location.href = link.href; } return; }
    if (event.key === "g") { waiting = true; setTimeout(function () { waiting = false; }, 1200); return; }
    if (event.key === "n") { var fresh = document.querySelector('[data-key="new"]'); if (fresh) { location.href = fresh.href; } return; }
    if (event.key === "l") { open("dlg-log"); return; }
    if (event.key === "j" || event.key === "k") { step(event.key === "j" ? 1 : -1); return; }
    if (/^[rpt]$/.test(event.key)) { act(document.querySelector('[data-hot="' + event.key + '"]'), event); }
  });

  function act(place, event) { // a form that unfolds, or a button
    if (!place) { return; }
    event.preventDefault();
    if (place.tagName === "BUTTON") { place.click(); return; }
    place.open = true;
    var field = place.querySelector("textarea, select, input:not([type=hidden])"); if (field) { field.focus(); }
  }

  function step(by) {
    var rows = Array.from(document.querySelectorAll("[data-rows] a[data-row]"));
    var at = rows.indexOf(document.activeElement), next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) { next.focus(); }
  }

  function open(id) { var dialog = document.getElementById(id); if (dialog && dialog.showModal) { dialog.showModal(); } }
  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-open]"), closer = event.target.closest("[data-close]"), menu = event.target.closest(".mp-menu");
    if (opener) { open(opener.dataset.open); }
    if (closer) { closer.closest("dialog").close(); }
    if (event.target.closest("[data-print]")) { window.print(); }
    var filler = event.target.closest("[data-fill]");
    if (filler) { var into = document.getElementById(filler.dataset.fill); into.value = (into.value.trim() ? into.value.trim() + "\n" : "") + filler.dataset.text; into.focus(); }
    var copier = event.target.closest("[data-copy]");
    if (copier) { navigator.clipboard.writeText(document.getElementById(copier.dataset.copy).textContent).then(function () { copier.textContent = copier.dataset.copied; }); }
    document.querySelectorAll(".mp-menu[open]").forEach(function (other) { if (other !== menu) { other.open = false; } });
  });

  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (event.target.dataset.once !== undefined && button) { setTimeout(function () { button.disabled = true; }, 0); }
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-autosubmit]")) { event.target.form.requestSubmit(); }
    if (event.target.matches("[data-weight]")) { sum(); }
  });
  document.addEventListener("input", function (event) { if (event.target.matches("[data-weight]")) { sum(); } });

  function sum() {
    var box = document.getElementById("weight-sum"); if (!box) { return; }
    var total = 0; document.querySelectorAll("[data-weight]").forEach(function (field) { total += Number(field.value) || 0; });
    box.textContent = total; box.classList.toggle("bad", total !== 100);
    var word = document.getElementById("weight-word"); if (word) { word.textContent = total === 100 ? word.dataset.right : (total > 100 ? word.dataset.over : word.dataset.under) + " " + Math.abs(total - 100); }
  }

  // a list that others work on renews itself, unless somebody is in the middle of something
  function renew() {
    var place = document.querySelector("[data-live]"); if (!place || document.hidden || place.contains(document.activeElement) || document.querySelector("dialog[open], .mp-menu[open]")) { return; }
    var url = new URL(location.href); url.searchParams.set("seen", place.dataset.live);
    fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ""; }).then(function (text) {
      if (!text || place.contains(document.activeElement)) { return; }
      var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]"), heading = document.querySelector("[data-live-said]");
      if (!fresh) { return; }
      if (heading && fresh.dataset.said && heading.textContent.trim() !== fresh.dataset.said) { heading.textContent = fresh.dataset.said; }
      place.replaceWith(fresh);
    }).catch(function () { /* the next round */ });
  }
  setInterval(renew, 30000);

  // the script stands in the head, so what is on the page comes later; the fields may hold what was typed and not saved
  document.addEventListener("DOMContentLoaded", function () {
    sum();
    document.querySelectorAll(".mp-messages .mp-toast").forEach(function (toast) {
      setTimeout(function () { if (!toast.matches(":hover, :focus-within")) { toast.remove(); } }, 8000);
    });
  });
}());
