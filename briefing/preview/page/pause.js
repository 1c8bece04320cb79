// Waits for a pause in typing, but never for long: what is typed fast, or with a key held down, is saved as well.

const LONGEST = 1000; // milliseconds

export class Pause {
  #act;
  #timer = null;
  #latest = Infinity;

  constructor(act) {
    this.#act = act;
  }

  // Acts once this hasn't been called for so many milliseconds.
  wait(milliseconds) {
    const now = performance.now();
    this.#latest = Math.min(this.#latest, now + LONGEST);
    this.#start(Math.min(milliseconds, this.#latest - now));
  }

  // Acts later, unless something is typed before.
  tryAgainIn(milliseconds) {
    this.#start(milliseconds);
  }

  end() {
    clearTimeout(this.#timer);
    this.#latest = Infinity;
  }

  #start(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.end();
      this.#act();
    }, milliseconds);
  }
}
