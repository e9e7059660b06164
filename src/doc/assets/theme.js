// Made by kf doc: the theme that was chosen, before anything is drawn.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");
  try {
    var theme = localStorage.getItem("kf-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (refused) {
    // A page that may keep nothing follows the system.
  }
})();
