import {
  type Machine,
  refuseUnproven,
  requireCompiler,
  requirePython,
  thisMachine,
} from '../../backends/native/machine.js';

/** Something that would be of use and is not there, and what brings it. */
export interface Missing {
  readonly what: string;
  /** What it is for. */
  readonly use: string;
  readonly remedy: string;
}

/** Packages that the user brings, for what is not there without them. */
const PACKAGES: readonly Missing[] = [
  {
    what: '@tensorflow/tfjs-layers',
    use: 'models, and under Node the gradients of tfjs',
    remedy: 'npm install @tensorflow/tfjs-layers',
  },
  {
    what: '@opentelemetry/api',
    use: 'sending measurements to OpenTelemetry',
    remedy: 'npm install @opentelemetry/api@1.9',
  },
];

const BACKENDS: Readonly<Record<string, Missing>> = {
  wasm: {
    what: 'backend wasm',
    use: 'training without native code',
    remedy: 'npm install @tensorflow/tfjs-backend-wasm',
  },
  cpu: {
    what: 'backend cpu',
    use: 'training where nothing else starts',
    remedy: 'npm install @tensorflow/tfjs-backend-cpu',
  },
};

/**
 * What is missing, each with the command that mends it.
 *
 * @param absent backends that do not start
 */
export async function missing(
  absent: readonly string[],
  installed: (name: string) => boolean = isInstalled,
  machine: Machine = thisMachine(),
): Promise<Missing[]> {
  const packages = PACKAGES.filter(({ what }) => !installed(what));
  const backends = await Promise.all(
    absent.map((name) => (name === 'tensorflow' ? missingTensorFlow(machine) : BACKENDS[name]!)),
  );
  return [...backends, ...packages];
}

/** First what `sharpstream native` itself would stop at. */
async function missingTensorFlow(machine: Machine): Promise<Missing> {
  const remedy = await refusalOf(async () => {
    refuseUnproven(machine);
    await requireCompiler(machine.compilers);
    await requirePython(machine.python);
  });
  return { what: 'backend tensorflow', use: 'the fastest training', remedy: remedy ?? 'npx sharpstream native' };
}

const refusalOf = (f: () => Promise<void>): Promise<string | undefined> =>
  f().then(
    () => undefined,
    (error: Error) => error.message,
  );

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
