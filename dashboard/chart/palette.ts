import { BehaviorSubject } from 'rxjs';

/** The colours of the style sheet, for canvases. */
export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly surface: string;
  /** Of the dots of a scatter: they lie on one another. */
  readonly dot: string;
  /** Told apart with any colour vision, and by their dashes beyond six. */
  readonly lines: readonly string[];
}

const LINES = 6;

export const palette = new BehaviorSubject<Palette>(read());

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => palette.next(read()));

function read(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour('text'),
    muted: colour('muted'),
    grid: colour('grid'),
    surface: colour('surface'),
    dot: colour('dot'),
    lines: Array.from({ length: LINES }, (_, i) => colour(`line-${i}`)),
  };
}

/** The dashes of line i: solid for the first six, then ever more broken ones. */
export const dashOf = (i: number): number[] => [[], [6, 3], [2, 2], [8, 2, 2, 2]][Math.floor(i / LINES) % 4]!;

export const colourIndex = (i: number): number => i % LINES;
