/* A family's card is taken by its grip, with a mouse or a finger, and dropped on a later stage; the tap on its button does the same. */
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var board = document.getElementById("board"); if (!board) { return; }
    var held = null;
    var FAR = 6, EDGE = 48, SPEED = 14; // pixels: a tap is no drag; how near the edge the board begins to scroll, and how fast

    board.addEventListener("pointerdown", function (event) {
      var grip = event.target.closest("[data-grip]"), card = grip && grip.closest("[data-step-url]");
      if (!card || event.button) { return; }
      event.preventDefault();
      held = { card: card, from: card.closest("[data-to]"), x: event.clientX, y: event.clientY, over: null };
      grip.setPointerCapture(event.pointerId);
    });

    board.addEventListener("pointermove", function (event) {
      if (!held) { return; }
      var x = event.clientX - held.x, y = event.clientY - held.y;
      if (!held.card.classList.contains("is-lifted") && Math.abs(x) + Math.abs(y) < FAR) { return; }
      held.card.classList.add("is-lifted");
      held.card.style.transform = "translate(" + x + "px," + y + "px)";
      var scroller = held.card.closest(".mp-columns"), edges = scroller.getBoundingClientRect();
      if (event.clientX > edges.right - EDGE) { scroller.scrollLeft += SPEED; }
      if (event.clientX < edges.left + EDGE) { scroller.scrollLeft -= SPEED; }
      var below = document.elementFromPoint(event.clientX, event.clientY);
      mark(below && below.closest("[data-to]"));
    });

    board.addEventListener("pointerup", function () { drop(held && held.over); });
    board.addEventListener("pointercancel", function () { drop(null); });
    document.addEventListener("keydown", function (event) { if (event.key === "Escape") { drop(null); } });

    function mark(column) {
      if (held.over) { held.over.classList.remove("is-over"); }
      held.over = column === held.from ? null : column;
      if (held.over) { held.over.classList.add("is-over"); }
    }

    function drop(column) {
      if (!held) { return; }
      var card = held.card, from = held.from;
      mark(null); held = null;
      card.classList.remove("is-lifted"); card.style.transform = "";
      if (!column) { return; }
      if (from.compareDocumentPosition(column) & Node.DOCUMENT_POSITION_PRECEDING) { say(column.closest("[data-back]").dataset.back); return; }
      column.appendChild(card); // what the board will show; a refusal draws it anew
      board.dispatchEvent(new CustomEvent("mp:step", { detail: { url: card.dataset.stepUrl, to: column.dataset.to, seen: card.dataset.seen } }));
    }

    function say(words) {
      var banner = document.getElementById("offline");
      banner.textContent = words; banner.hidden = false;
      setTimeout(function () { banner.hidden = true; }, 5000);
    }
  });
}());
