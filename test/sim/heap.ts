/** What comes first is taken first. */
export interface Heap<T> {
  push(value: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
}

export function createHeap<T>(isBefore: (left: T, right: T) => boolean): Heap<T> {
  const values: T[] = [];
  const beats = (left: number, right: number): boolean => {
    const [one, other] = [values[left], values[right]];
    return one !== undefined && other !== undefined && isBefore(one, other);
  };
  function swap(left: number, right: number): void {
    const [one, other] = [values[left], values[right]];
    if (one === undefined || other === undefined) return;
    values[left] = other;
    values[right] = one;
  }
  return {
    push(value) {
      let at = values.push(value) - 1;
      for (let above = (at - 1) >> 1; at > 0 && beats(at, above); above = (at - 1) >> 1) {
        swap(at, above);
        at = above;
      }
    },
    peek: () => values[0],
    pop() {
      swap(0, values.length - 1);
      const first = values.pop();
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const least = beats(right, left) ? right : left;
        if (!beats(least, at)) return first;
        swap(least, at);
        at = least;
      }
    },
  };
}
