"use strict";
(function () {
  const list = document.querySelector(".calls");
  if (!list) return;
  const calls = Array.from(list.querySelectorAll("details.one"));
  const search = document.getElementById("search");
  const chips = Array.from(document.querySelectorAll(".chips button"));
  const order = document.getElementById("order");
  const unfold = document.getElementById("unfold");
  const names = [unfold.textContent, unfold.dataset.fold];
  let verdict = "";

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const call of calls) {
      const found = words.every((word) => call.dataset.text.includes(word));
      call.hidden = !found || (verdict !== "" && call.dataset.verdict !== verdict);
    }
  }
  search.addEventListener("input", filter);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      verdict = chip.dataset.verdict;
      for (const other of chips) other.classList.toggle("on", other === chip);
      filter();
    });
  }
  order.addEventListener("change", () => {
    const sorted = calls.slice();
    if (order.value === "score") sorted.sort((a, b) => a.dataset.score - b.dataset.score);
    for (const call of sorted) list.appendChild(call);
  });
  unfold.addEventListener("click", () => {
    const open = unfold.textContent === names[0];
    for (const call of calls) if (!call.hidden) call.open = open;
    unfold.textContent = names[open ? 1 : 0];
  });
})();
