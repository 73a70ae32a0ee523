
(function () {
  "use strict";
  var root = document.documentElement;
  var all = Array.prototype.slice.call(document.querySelectorAll("#resources > .resource"));
  var filter = document.getElementById("filter");
  var shown = document.getElementById("shown");
  var buttons = Array.prototype.slice.call(document.querySelectorAll("[data-action]"));
  root.classList.add("js");

  function pressed() {
    return buttons.filter(function (item) { return item.getAttribute("aria-pressed") === "true"; })
      .map(function (item) { return item.dataset.action; });
  }

  function narrow() {
    var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    var actions = pressed();
    var number = 0;
    all.forEach(function (item) {
      var has = item.dataset.actions.split(" ");
      // what is in a fold counts: a volume that is lost, an image in a text
      if (item.words === undefined) { item.words = item.textContent.toLowerCase(); }
      var fits = words.every(function (word) { return item.words.indexOf(word) >= 0; })
        && (!actions.length || actions.some(function (action) { return has.indexOf(action) >= 0; }));
      item.hidden = !fits;
      number += fits ? 1 : 0;
    });
    shown.textContent = (number === all.length ? "" : number + " of ") + all.length
      + (all.length === 1 ? " resource shown" : " resources shown");
  }

  function clear() {
    filter.value = "";
    buttons.forEach(function (item) { item.setAttribute("aria-pressed", "false"); });
    narrow();
  }

  function fold(open) {
    all.forEach(function (item) { if (!item.hidden) { item.open = open; } });
  }

  function visit() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || all.indexOf(target) < 0) { return; }
    if (target.hidden) { clear(); }
    target.open = true;
    target.querySelector("summary").focus({ preventScroll: true });
    target.scrollIntoView();
  }

  function step(by) {
    var visible = all.filter(function (item) { return !item.hidden; });
    var at = visible.findIndex(function (item) { return item.contains(document.activeElement); });
    var next = visible[at < 0 ? (by > 0 ? 0 : visible.length - 1) : at + by];
    if (next) { next.querySelector("summary").focus(); }
  }

  document.getElementById("theme").addEventListener("click", function () {
    var dark = root.dataset.theme
      ? root.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  if (filter) {
    filter.addEventListener("input", narrow);
    buttons.forEach(function (item) {
      item.addEventListener("click", function () {
        item.setAttribute("aria-pressed", item.getAttribute("aria-pressed") === "true" ? "false" : "true");
        narrow();
      });
    });
    document.getElementById("unfold").addEventListener("click", function () { fold(true); });
    document.getElementById("fold").addEventListener("click", function () { fold(false); });
    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey) { return; }
      if (event.key === "Escape") { clear(); filter.blur(); return; }
      if (event.target === filter) {
        if (event.key === "Enter") { event.preventDefault(); filter.blur(); step(1); }
        return;
      }
      if (event.key === "/") { event.preventDefault(); filter.focus(); }
      if (event.key === "j") { step(1); }
      if (event.key === "k") { step(-1); }
    });
    document.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest("a[href^='#r']");
      if (link && link.getAttribute("href") === location.hash) { visit(); }
    });
    window.addEventListener("hashchange", visit);
    visit();
  }

  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    closed.forEach(function (item) { item.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (item) { item.open = false; });
  });
})();
