import { NotInstalled } from '../../backends/chooseBackend.js';
import { examineBackend } from '../../backends/examineBackend.js';
import type { Outcome } from './examineApart.js';

/** The program of a process of its own: examines the backend it is given, and tells its parent. */

// It registers the gradients of tfjs.
const examined = import('@tensorflow/tfjs-layers').then(() => examineBackend(process.argv[2]!));

examined.then(
  (examination) => tell({ examination }),
  (error: unknown) => tell({ problem: messageOf(error), installed: !(error instanceof NotInstalled) }),
);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function tell(outcome: Outcome): void {
  process.send!(outcome);
  process.disconnect();
}
