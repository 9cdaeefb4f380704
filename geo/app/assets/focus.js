// A map takes the focus where it stands: Leaflet does so at each press of the mouse, and the page around the map's frame
// would scroll it into view while the button is down, so that the click landed elsewhere and was lost.
"use strict";

(function (root) {
  root.L.Map.addInitHook(function () {
    const box = this.getContainer();
    const focus = box.focus.bind(box);
    box.focus = (options) => focus({ ...options, preventScroll: true });
  });
})(window);
