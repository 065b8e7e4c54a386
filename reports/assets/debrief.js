"use strict";
(function () {
  const slides = Array.from(document.querySelectorAll(".slide"));
  const byId = (id) => document.getElementById(id);
  let place = Math.max(0, slides.findIndex((slide) => "#" + slide.id === location.hash));

  function show(to, focus) {
    place = Math.min(slides.length - 1, Math.max(0, to));
    slides.forEach((slide, i) => slide.classList.toggle("shown", i === place));
    byId("back").disabled = place === 0;
    byId("forward").disabled = place === slides.length - 1;
    byId("place").textContent = place + 1 + " of " + slides.length;
    history.replaceState(null, "", "#" + slides[place].id);
    window.scrollTo(0, 0);
    if (focus) {
      slides[place].querySelector("h2").focus({ preventScroll: true });
    }
  }

  function notes() {
    const on = document.body.classList.toggle("told");
    byId("notes").setAttribute("aria-pressed", String(on));
  }

  const KEYS = {
    ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1, Home: -slides.length, End: slides.length,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (KEYS[event.key]) {
      event.preventDefault();
      show(place + KEYS[event.key], true);
    } else if (event.key.toLowerCase() === "n" && !event.repeat) {
      notes();
    }
  });
  byId("back").addEventListener("click", () => show(place - 1, true));
  byId("forward").addEventListener("click", () => show(place + 1, true));
  byId("notes").addEventListener("click", notes);
  window.addEventListener("hashchange", () => {
    const found = slides.findIndex((slide) => "#" + slide.id === location.hash);
    show(found < 0 ? place : found, true);
  });
  document.body.classList.add("turning");
  show(place, false);
  document.documentElement.dataset.drawn = "yes";
})();
