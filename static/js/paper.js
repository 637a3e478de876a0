/** The paper: shows ink, or a picture in its place, sharply at every size, and replays how the ink came. */

export class Paper {
  strokes = [];
  /** @type {Set<Stroke>} under the eraser */ faded = new Set();
  scale = 1;
  #corner = { x: 0, y: 0 }; // of the view, paper pixels
  /** @type {Size | null} that the strokes were drawn on */ #size = null;
  /** @type {{source: string, image: HTMLImageElement, width: number, height: number} | null} */ #picture = null;
  /** @type {Stroke | null} under the pen */ #live = null;

  /** @param {HTMLCanvasElement} canvas @param {() => void} onView called when the visible part has changed */
  constructor(canvas, onView) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.onView = onView;
    new ResizeObserver(() => this.#fit()).observe(canvas);
    addEventListener("resize", () => this.#fit()); // also a zoom or another screen: the same size, other pixels
    addEventListener("themechange", () => this.draw());
    queueMicrotask(() => this.#fit()); // once whoever made the paper listens
  }

  /** The visible part, in paper pixels. */
  get view() {
    const { clientWidth, clientHeight } = this.canvas;
    const [width, height] = [clientWidth, clientHeight].map((length) => Math.round(length / this.scale));
    return { ...this.#corner, width, height };
  }

  /** Where a pointer is, in paper pixels. @param {PointerEvent} event */
  place(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - left) / this.scale + this.#corner.x, y: (event.clientY - top) / this.scale + this.#corner.y };
  }

  /**
   * @param {readonly Stroke[]} strokes
   * @param {Size | null} size of the paper they were drawn on
   * @param {FlatPicture | null} picture
   */
  show(strokes, size, picture) {
    this.strokes = strokes;
    this.#size = size;
    if (picture?.image !== this.#picture?.source) this.#load(picture);
    this.#fit(); // an empty paper is back at full size, and a turn of the phone under the pen is caught up with
  }

  /** Follows a stroke as it grows; null when it is over. @param {Stroke | null} stroke */
  begin(stroke) {
    this.#live = stroke;
    this.faded = new Set();
    if (stroke) this.extend(0);
    else this.draw();
  }

  /** The stroke under the pen has grown. @param {number} from its first new sample */
  extend(from) {
    this.#live?.trace(this.context, from);
  }

  /** Shows that these strokes are about to go. @param {Stroke[]} strokes */
  fade(strokes) {
    const before = this.faded.size;
    strokes.forEach((stroke) => this.faded.add(stroke));
    if (this.faded.size > before) this.draw();
  }

  /**
   * Draws all anew, or the ink as it stood at a moment.
   * @param {number} [moment] on the ink's own clock, ms
   */
  draw(moment = Infinity) {
    const { canvas, context, scale } = this;
    const pixels = canvas.width / canvas.clientWidth || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(pixels * scale, 0, 0, pixels * scale, -this.#corner.x * pixels * scale, -this.#corner.y * pixels * scale);
    if (this.#picture) context.drawImage(this.#picture.image, 0, 0, this.#picture.width, this.#picture.height);
    context.strokeStyle = getComputedStyle(canvas).color; // the theme's ink
    for (const stroke of this.strokes) {
      context.globalAlpha = this.faded.has(stroke) ? 0.2 : 1;
      const drawn = moment === Infinity ? stroke.t.length : stroke.t.findLastIndex((time) => time <= moment) + 1;
      if (drawn > 0) stroke.trace(context, 0, drawn);
    }
    context.globalAlpha = 1;
    this.#live?.trace(context);
  }

  /** @param {FlatPicture | null} picture */
  #load(picture) {
    this.#picture = null;
    if (!picture) return;
    const image = new Image();
    const { width, height } = picture;
    this.#picture = { source: picture.image, image, width, height };
    image.addEventListener("load", () => this.draw());
    image.src = picture.image;
  }

  #fit() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const size = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
    if (!this.#live) this.#arrange({ width, height }); // never under the pen: show() catches up
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
    this.draw();
    if (!this.#live) this.onView();
  }

  /** Finds the scale at which everything is in sight. @param {Size} room */
  #arrange({ width, height }) {
    const reach = this.#picture ?? this.#reach({ width, height });
    this.scale = Math.min(1, width / reach.width, height / reach.height) || 1;
    this.#corner = this.#picture
      ? { x: (reach.width - width / this.scale) / 2, y: (reach.height - height / this.scale) / 2 }
      : { x: 0, y: 0 };
  }

  /** How far the ink goes, without what left the paper. @param {Size} room */
  #reach(room) {
    const paper = this.#size ?? room;
    const reach = { ...room };
    for (const { box } of this.strokes) {
      reach.width = Math.max(reach.width, Math.min(box.x + box.width, paper.width));
      reach.height = Math.max(reach.height, Math.min(box.y + box.height, paper.height));
    }
    return reach;
  }
}
