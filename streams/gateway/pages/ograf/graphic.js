/**
 * OGraf graphics that live on a gateway: each loads its drawing from there, and hands on what a renderer says.
 *
 * Nothing is imported before `load`, so that this folder can be copied into a graphics store: `gateway` in the
 * data then says where the gateway is. Loaded from a gateway, it is that one.
 */

const HERE = new URL("..", import.meta.url).href;
const NOT_LOADED = Object.freeze({ statusCode: 409, statusMessage: "the graphic is not loaded" });

/**
 * Make the class of a graphic, which a renderer defines under a name of its own.
 *
 * @param {"standings"|"pair"|"record"} name which one.
 */
export function graphicOf(name) {
  return class extends HTMLElement {
    #inside = null;

    connectedCallback() {
      // The whole picture belongs to the graphic, wherever the renderer has put the element.
      Object.assign(this.style, { position: "absolute", inset: "0", display: "block" });
    }

    async load(params = {}) {
      const gateway = params.data?.gateway || HERE;
      try {
        const { TAG } = await import(new URL(`assets/overlay/${name}.js`, withSlash(gateway)).href);
        this.#inside = document.createElement(TAG);
      } catch (error) {
        return { statusCode: 502, statusMessage: `gateway: nothing can be loaded from ${gateway} (${error.message})` };
      }
      this.replaceChildren(this.#inside);
      return this.#inside.load(params);
    }

    async dispose(params = {}) {
      const inside = this.#inside;
      this.#inside = null;
      await inside?.dispose(params);
      this.replaceChildren();
      return { statusCode: 200 };
    }

    async updateAction(params = {}) {
      return this.#inside?.updateAction(params) ?? NOT_LOADED;
    }

    async playAction(params = {}) {
      return this.#inside?.playAction(params) ?? NOT_LOADED;
    }

    async stopAction(params = {}) {
      return this.#inside?.stopAction(params) ?? NOT_LOADED;
    }

    async customAction(params = {}) {
      return this.#inside?.customAction(params) ?? NOT_LOADED;
    }
  };
}

function withSlash(address) {
  return address.endsWith("/") ? address : `${address}/`;
}
