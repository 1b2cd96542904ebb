/* The meeting works without this; it adds the running clock, Space for the next item and the whole screen. */
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var clock = document.querySelector("[data-running-since]"), next = document.getElementById("meeting-next");
    function tick() {
      var s = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.runningSince)) / 1000)), m = Math.floor(s / 60);
      clock.textContent = String(m).padStart(2, "0") + ":" + String(s % 60).padStart(2, "0");
    }
    if (clock) { tick(); setInterval(tick, 1000); }
    document.addEventListener("keydown", function (event) {
      if (event.key !== " " || /^(INPUT|TEXTAREA|SELECT|BUTTON|SUMMARY|A)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) { return; }
      if (next) { event.preventDefault(); next.requestSubmit(); }
    });
    var whole = document.querySelector("[data-whole-screen]");
    if (whole) { whole.addEventListener("click", function () { if (document.fullscreenElement) { document.exitFullscreen(); } else { document.querySelector(".mp").requestFullscreen(); } }); }
  });
}());
