import { BehaviorSubject, combineLatest, filter, type Observable } from 'rxjs';
import type { Stretch } from './gaze.js';

/** A drawing that follows its data. */
export interface Plot {
  draw(stretch: Stretch): void;
  resize(width: number, height: number): void;
  destroy(): void;
}

/**
 * Puts a plot into `host` once it comes into sight, and draws each stretch for as long as it is, at the size of its host.
 *
 * @returns what takes it away again
 */
export function stage(host: HTMLElement, make: (stretch: Stretch) => Plot, stretches: Observable<Stretch>): () => void {
  let plot: Plot | undefined;
  const inSight = new BehaviorSubject(false);
  const sight = new IntersectionObserver((entries) => inSight.next(entries.at(-1)!.isIntersecting), {
    rootMargin: '100px',
  });
  const size = new ResizeObserver(() => plot?.resize(host.clientWidth, host.clientHeight));
  sight.observe(host);
  size.observe(host);
  const drawing = combineLatest([stretches, inSight])
    .pipe(filter(([, seen]) => seen))
    .subscribe(([stretch]) => {
      plot ??= make(stretch);
      plot.draw(stretch);
    });
  return () => {
    drawing.unsubscribe();
    sight.disconnect();
    size.disconnect();
    plot?.destroy();
  };
}
