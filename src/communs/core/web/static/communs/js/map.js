/* The plain SVG map is complete by itself; this adds the name under the pointer,
   and, only when asked, a moving map drawn by MapLibre. Nothing is fetched before that. */

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Write the name of the shape that is pointed at or focused, above the others. */
function nameShapes(svg) {
  const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
  text.setAttribute("class", "map-name");
  text.setAttribute("aria-hidden", "true");
  svg.append(text);
  const show = (event) => {
    const shape = event.target.closest("a")?.querySelector("path") ?? event.target.closest(".map-shape");
    text.textContent = shape?.querySelector("title")?.textContent ?? "";
    if (!text.textContent) return;
    const box = shape.getBBox();
    const frame = svg.viewBox.baseVal;
    const half = text.getComputedTextLength() / 2;
    const middle = box.x + box.width / 2;
    text.setAttribute("x", Math.min(Math.max(middle, frame.x + half), frame.x + frame.width - half));
    text.setAttribute("y", Math.max(box.y - 8, frame.y + 16));
  };
  const hide = () => { text.textContent = ""; };
  svg.addEventListener("pointerover", show);
  svg.addEventListener("focusin", show);
  svg.addEventListener("pointerleave", hide);
  svg.addEventListener("focusout", hide);
}

/** The style is ours: outlines, levels, names; the base layer is whatever the page offers. */
function styleOf(data) {
  const level = ["get", "level"];
  const style = {
    version: 8,
    sources: { shapes: { type: "geojson", data: data.src, attribution: data.credit ?? "" } },
    layers: [{ id: "paper", type: "background", paint: { "background-color": token("--paper") } }],
  };
  if (data.raster) {
    style.sources.base = { type: "raster", tiles: [data.raster], tileSize: 256, attribution: data.credit ?? "" };
    style.layers.push({ id: "base", type: "raster", source: "base" });
  }
  if (data.pmtiles) {
    style.sources.base = { type: "vector", url: `pmtiles://${data.pmtiles}`, attribution: data.credit ?? "" };
    style.layers.push(
      { id: "water", type: "fill", source: "base", "source-layer": "water", paint: { "fill-color": token("--tint") } },
      { id: "roads", type: "line", source: "base", "source-layer": "roads", paint: { "line-color": token("--line") } },
    );
  }
  const opacity = data.raster || data.pmtiles ? 0.55 : 1;
  style.layers.push(
    { id: "shapes", type: "fill", source: "shapes", paint: {
      "fill-opacity": opacity,
      "fill-color": ["match", level, "one", token("--brand"), "two", token("--warm"), token("--land")] } },
    { id: "shared", type: "fill", source: "shapes", filter: ["==", level, "terr"],
      paint: { "fill-color": token("--brand"), "fill-opacity": 0.3 * opacity } },
    { id: "edges", type: "line", source: "shapes", paint: { "line-color": token("--shore"), "line-width": 1.2 } },
    { id: "names", type: "symbol", source: "shapes", minzoom: 10.2,
      layout: { "text-field": ["get", "name"], "text-font": ["Hyperlegible"], "text-size": 13, "text-max-width": 7 },
      paint: { "text-color": token("--ink"), "text-halo-color": token("--paper"), "text-halo-width": 2 } },
  );
  return style;
}

function boundsOf(collection, bounds) {
  const walk = (part) => (typeof part[0] === "number" ? bounds.extend(part) : part.forEach(walk));
  collection.features.forEach((feature) => walk(feature.geometry.coordinates));
  return bounds;
}

/** A list of what lies at a point, each with its link. */
function listOf(features) {
  const list = document.createElement("ul");
  const seen = new Map(features.map(({ properties }) => [properties.name, properties]));
  for (const { name, label, href } of seen.values()) {
    const link = document.createElement(href ? "a" : "span");
    if (href) link.href = href;
    link.textContent = label || name;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  return list;
}

class CommunsMap extends HTMLElement {
  connectedCallback() {
    this.plain = this.querySelector("svg");
    if (!this.plain || this.button) return;
    nameShapes(this.plain);
    this.prepare();
  }

  prepare() {
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button button-line map-toggle";
    this.button.addEventListener("click", () => (this.live ? this.close() : this.open()));
    this.status = document.createElement("p");
    this.status.className = "map-status";
    this.status.setAttribute("role", "status");
    const foot = this.closest("figure")?.querySelector("figcaption") ?? this;
    foot.prepend(this.button);
    foot.append(this.status);
    this.close();
  }

  close() {
    this.map?.remove();
    this.live?.remove();
    this.map = this.live = null;
    this.plain.removeAttribute("hidden");
    this.button.textContent = this.dataset.open;
    this.status.textContent = "";
  }

  async open() {
    this.button.disabled = true;
    try {
      await this.start();
      this.button.textContent = this.dataset.close;
      this.status.textContent = this.dataset.ready;
    } catch (error) {
      console.warn(error);
      this.close();
      this.status.textContent = this.dataset.failed;
    }
    this.button.disabled = false;
    this.button.focus();
  }

  async start() {
    const { src, module, worker, style, label, words } = this.dataset;
    const [library, collection] = await Promise.all([
      import(module), fetch(src).then((answer) => answer.json()), this.dress(style),
    ]);
    library.setWorkerUrl(new URL(worker, document.baseURI).href);
    if (this.dataset.pmtiles) library.addProtocol("pmtiles", new library.Protocol().tile);
    this.live = document.createElement("div");
    this.live.className = "map-live";
    this.plain.before(this.live);
    this.plain.setAttribute("hidden", "");
    this.map = new library.Map({
      container: this.live,
      style: styleOf({ ...this.dataset, src: collection }),
      bounds: boundsOf(collection, new library.LngLatBounds()),
      fitBoundsOptions: { padding: 20 },
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: { compact: true },
      locale: { "Map.Title": label, ...JSON.parse(words || "{}") },
    });
    this.map.addControl(new library.NavigationControl({ showCompass: false }));
    this.map.on("click", (event) => this.tell(library, event.lngLat, event.point));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.tell(library, this.map.getCenter(), this.map.project(this.map.getCenter()));
    });
    await new Promise((done, fail) => { this.map.once("load", done); this.map.once("error", (e) => fail(e.error)); });
  }

  tell(library, place, point) {
    const found = this.map.queryRenderedFeatures(point, { layers: ["shapes"] });
    if (!found.length) return;
    new library.Popup({ maxWidth: "20rem", className: "map-popup" }).setLngLat(place).setDOMContent(listOf(found)).addTo(this.map);
  }

  dress(href) {
    return new Promise((done, fail) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: fail });
      document.head.prepend(link);
    });
  }
}

/** Choose a place: the two fields beside it are the answer, the map only writes in them. */
class CommunsPoint extends CommunsMap {
  connectedCallback() {
    this.plain = this.querySelector("[data-plain]");
    if (!this.plain || this.button) return;
    this.prepare();
  }

  get fields() {
    return [this.dataset.lon, this.dataset.lat].map((id) => document.getElementById(id));
  }

  async start() {
    await super.start();
    const typed = this.fields.map((field) => Number.parseFloat(field.value.replace(",", ".")));
    if (typed.every(Number.isFinite)) {
      this.mark(typed);
      this.map.jumpTo({ center: typed, zoom: 15 });
    }
  }

  mark(coordinates) {
    const data = { type: "Feature", properties: {}, geometry: { type: "Point", coordinates } };
    if (this.map.getSource("chosen")) { this.map.getSource("chosen").setData(data); return; }
    this.map.addSource("chosen", { type: "geojson", data });
    this.map.addLayer({ id: "chosen", type: "circle", source: "chosen", paint: {
      "circle-radius": 9, "circle-color": token("--warm"), "circle-stroke-color": token("--ink"), "circle-stroke-width": 3 } });
  }

  tell(_library, place) {
    this.mark([place.lng, place.lat]);
    const mark = document.documentElement.lang.startsWith("fr") ? "," : ".";
    const told = [place.lng, place.lat].map((degrees) => degrees.toFixed(6).replace(".", mark));
    this.fields.forEach((field, n) => {
      field.value = told[n];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    this.status.textContent = this.dataset.chosen.replace("{lat}", told[1]).replace("{lon}", told[0]);
  }
}

customElements.define("communs-map", CommunsMap);
customElements.define("communs-point", CommunsPoint);
