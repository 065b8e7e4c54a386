"use strict";
(function () {
  const selects = Array.from(document.querySelectorAll(".choice select"));
  const pair = document.querySelector(".pair-of");
  const others = document.querySelector(".others > div");
  const heard = document.querySelector(".heard");
  let chosen = selects.map((select) => select.value);

  function within(place, name) {
    return Array.from(place.children).find((each) => each.dataset.strategy === name);
  }

  function show() {
    for (const article of document.querySelectorAll(".answers > article")) {
      const side = chosen.indexOf(article.dataset.strategy);
      article.hidden = side < 0;
      article.style.order = side;
    }
    for (const article of Array.from(pair.children)) {
      others.append(article);
    }
    chosen.forEach((name) => pair.append(within(others, name)));
    for (const row of document.querySelectorAll("tr[data-strategy]")) {
      row.classList.toggle("chosen", chosen.includes(row.dataset.strategy));
    }
    selects.forEach((select, side) => (select.value = chosen[side]));
  }

  // A strategy is not compared with itself: the two change places.
  function choose(side, name) {
    if (chosen[1 - side] === name) {
      chosen[1 - side] = chosen[side];
    }
    chosen[side] = name;
    show();
    heard.textContent = selects.map((select) => select.selectedOptions[0].text).join(" beside ");
  }

  show();
  selects.forEach((select, side) =>
    select.addEventListener("change", () => choose(side, select.value)),
  );
  for (const link of document.querySelectorAll("[data-compare]")) {
    link.addEventListener("click", () => {
      choose(1, link.dataset.compare);
      selects[1].focus({ preventScroll: true });
    });
  }
})();
