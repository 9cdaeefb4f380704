// The small map of the review page: numbered candidates, and a mark that the reviewer moves; numbers in, numbers out.
"use strict";

(function (root) {
  const { L, DatelineBasemap: Basemap } = root;
  const FARTHEST_ZOOM = 9;
  const INKS = { candidate: "#0072b2", chosen: "#d55e00", hand: "#117733" };

  root.DatelinePick = L.Layer.extend({
    initialize(options) {
      L.setOptions(this, options);
      this.state = null;
      this.told = {};
      root.datelinePick = this;
    },

    onAdd(map) {
      this.basemap = new Basemap.Layer({ pane: "tilePane", assets: this.options.assets, theme: "light", attribution: this.options.credit });
      this.basemap.addTo(map);
      map.attributionControl.setPrefix(false);
      L.control.scale({ imperial: false }).addTo(map);
      map.getContainer().style.height = `${this.options.height}px`;
      this.marks = L.layerGroup().addTo(map);
      map.on("click", (event) => this.say("mark", [event.latlng.wrap().lng, event.latlng.lat]));
    },

    // state: { dark, view, marks: [[lon, lat, radius in km, number]], chosen: number, hand: [lon, lat] or null }
    setState(state) {
      const before = this.state || {};
      this.state = state;
      document.body.classList.toggle("dl-dark", Boolean(state.dark));
      this.basemap.setTheme(state.dark ? "dark" : "light");
      this.draw();
      if (state.view !== before.view) this.fit();
    },

    draw() {
      this.marks.clearLayers();
      for (const [lon, lat, km, number] of this.state.marks) this.candidate([lat, lon], km, number);
      if (this.state.hand) this.dot([this.state.hand[1], this.state.hand[0]], INKS.hand, "+");
    },

    candidate(at, km, number) {
      const colour = number === this.state.chosen ? INKS.chosen : INKS.candidate;
      L.circle(at, { radius: km * 1000, color: colour, weight: 1, fillOpacity: 0.06, interactive: false }).addTo(this.marks);
      this.dot(at, colour, String(Number(number))).on("click", () => this.say("candidate", number));
    },

    dot(at, colour, sign) {
      const face = document.createElement("span");
      face.className = "dl-pick";
      face.style.background = colour;
      face.textContent = sign;
      const icon = L.divIcon({ html: face, className: "", iconSize: [24, 24], iconAnchor: [12, 12] });
      return L.marker(at, { icon, keyboard: true, alt: sign }).addTo(this.marks);
    },

    fit() {
      const points = this.state.marks.map(([lon, lat]) => [lat, lon]);
      if (this.state.hand) points.push([this.state.hand[1], this.state.hand[0]]);
      if (points.length) this._map.fitBounds(L.latLngBounds(points).pad(0.25), { maxZoom: FARTHEST_ZOOM, animate: false });
    },

    // What the reviewer did, each time with a nonce, so that the same click counts again.
    say(kind, value) {
      this.nonce = Math.max(Date.now(), (this.nonce || 0) + 1);
      this.told = { ...this.told, [kind]: { value, nonce: this.nonce } };
      root.Streamlit.setComponentValue(this.told);
    },
  });
})(window);
