/* One button that copies an address; the page says everything without it. */
document.addEventListener("click", function (event) {
  "use strict";
  var button = event.target.closest("[data-copy]"); if (!button || !navigator.clipboard) { return; }
  navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim()).then(function () { button.textContent = button.dataset.copied; });
});
