import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/** Another name for the same numbers, as on the other backends; tfjs-wasm copies them. */
export const wasmIdentity: KernelFunc = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputs.x as TensorInfo;
  (backend as BackendWasm).incRef(dataId);
  return { dataId, shape, dtype };
};

/** A cast to the type it has already is no work either. */
export const wasmCast =
  (stock: KernelFunc): KernelFunc =>
  (given) =>
    (given.inputs.x as TensorInfo).dtype === given.attrs?.dtype ? wasmIdentity(given) : stock(given);
