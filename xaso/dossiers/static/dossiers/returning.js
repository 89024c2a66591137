/* Who fetches a result: choosing somebody with a paper of authority opens what the paper says.
   Without a script it is opened by hand; what is written in it is never closed. */
(function () {
  "use strict";
  var paper = document.querySelector("details[data-nguoi-nhan]");
  var who = paper && paper.closest("form").elements.fetcher;
  if (!who) return;
  function isWritten() {
    return Array.from(paper.querySelectorAll("input, select")).some(function (box) {
      return box.type === "checkbox" ? box.checked : box.value !== "";
    });
  }
  function follow() {
    if (who.value === paper.dataset.nguoiNhan) paper.open = true;
    else if (!isWritten()) paper.open = false;
  }
  who.addEventListener("change", follow);
  follow(); // a browser that goes back fills the choice in again
})();
