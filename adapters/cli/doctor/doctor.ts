import { diagnose, starts } from './diagnose.js';
import { doctorText } from './doctorText.js';

export interface DoctorOptions {
  readonly json?: boolean;
}

/**
 * Says what the package runs on: backends with version, speed and precision, which second derivatives are exact on each,
 * what is missing and the command that mends it. Exits with 1 where no backend starts, or one computes wrongly.
 */
export async function doctor({ json = false }: DoctorOptions): Promise<void> {
  const diagnosis = await diagnose();
  console.log(json ? JSON.stringify(diagnosis) : doctorText(diagnosis));
  const started = diagnosis.backends.filter(starts);
  if (started.length === 0 || started.some(({ secondOrder }) => !secondOrder.works)) process.exitCode = 1;
}
