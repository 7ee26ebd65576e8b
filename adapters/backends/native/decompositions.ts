import { dispose, type KernelConfig, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';
import { singularValues } from './singularValues.js';

/**
 * Decompositions of matrices, or of batches of them, which TensorFlow has and tfjs knows nothing of. By
 * `engine().runKernel`:
 *
 * - `SelfAdjointEigV2`, `{ input }`, `{ computeV }`: eigenvalues `[…, n]` in ascending order; with computeV,
 *   eigenvectors too, as columns `[…, n, n]`.
 * - `Svd`, `{ input }`, `{ computeUv, fullMatrices }`: singular values `[…, k]` in descending order; with computeUv,
 *   both factors too, U and V.
 * - `SingularValues`, as {@link singularValues} says.
 */
export const decompositions: readonly KernelConfig[] = [
  {
    kernelName: 'SelfAdjointEigV2',
    backendName: 'tensorflow',
    kernelFunc({ inputs, attrs, backend }) {
      const vectors = attrs?.computeV === true;
      const outputs = decompose('SelfAdjointEigV2', inputs.input!, { compute_v: vectors }, 2, backend);
      return vectors ? outputs : onlyFirst(outputs);
    },
  },
  {
    kernelName: 'Svd',
    backendName: 'tensorflow',
    kernelFunc({ inputs, attrs, backend }) {
      const factors = attrs?.computeUv === true;
      const flags = { compute_uv: factors, full_matrices: attrs?.fullMatrices === true };
      const outputs = decompose('Svd', inputs.input!, flags, 3, backend);
      return factors ? outputs : onlyFirst(outputs);
    },
  },
  singularValues,
];

function decompose(
  op: string,
  input: TensorInfo,
  flags: Readonly<Record<string, boolean>>,
  outputs: number,
  backend: unknown,
): TensorInfo[] {
  const node = backend as NodeBackend;
  const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = node.binding;
  const type = { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT };
  const attributes = Object.entries(flags).map(([name, value]) => ({ name, type: TF_ATTR_BOOL, value }));
  return node.executeMultipleOutputs(op, [type, ...attributes], [input], outputs);
}

/** TensorFlow gives something empty for what was not asked for; tfjs-node has made tensors of it. */
function onlyFirst([first, ...rest]: TensorInfo[]): TensorInfo[] {
  dispose(rest as Tensor[]);
  return [first!];
}
