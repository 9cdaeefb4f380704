// Whom else the map has to name: the online geocoders whose places are on it. Words come from our route, as text.
"use strict";

(function (root) {
  const { L } = root;

  function thanks(said) {
    const box = document.createElement("div");
    box.className = "leaflet-control-attribution dl-thanks";
    said.forEach(([words, address], number) => {
      if (number) box.append(" · ");
      const known = /^https?:/.test(address);
      const made = document.createElement(known ? "a" : "span");
      made.textContent = words;
      if (known) Object.assign(made, { href: address, target: "_blank", rel: "noopener" });
      box.append(made);
    });
    return box;
  }

  // "api" is seen from the component's own page, as in geo/maps.py.
  L.Map.addInitHook(function () {
    fetch("../../api/credits")
      .then((answer) => (answer.ok ? answer.json() : []))
      .then((said) => {
        if (!said.length) return;
        const control = L.control({ position: "bottomright" });
        control.onAdd = () => thanks(said);
        control.addTo(this);
      });
  });
})(window);
