/** Waiting items in lanes. Lanes take turns, so that a long one delays each other one by one item at a time. */
export class FairQueue<Item> {
  readonly #lanes = new Map<string, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(lane: string, item: Item): void {
    const items = this.#lanes.get(lane);
    if (items) items.push(item);
    else this.#lanes.set(lane, [item]);
    this.#size += 1;
  }

  /** The oldest item of the lane whose turn it is; that lane goes to the end of the row. */
  take(): Item | undefined {
    const [first] = this.#lanes;
    if (!first) return undefined;
    const [lane, items] = first;
    const item = items.shift();
    this.#lanes.delete(lane);
    if (items.length > 0) this.#lanes.set(lane, items);
    this.#size -= 1;
    return item;
  }
}
