import { serialization } from '@tensorflow/tfjs-core';

/** The class that tfjs-layers has registered under a name: to import it would make the package needed by every program. */
export function classNamed<T>(name: string): new (config: Record<string, unknown>) => T {
  const [made] = serialization.SerializationMap.getMap().classNameMap[name]!;
  return made as unknown as new (
    config: Record<string, unknown>,
  ) => T;
}
