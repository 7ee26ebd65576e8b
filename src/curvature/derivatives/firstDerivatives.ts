import type { GradConfig } from '@tensorflow/tfjs-core';
import { arrangementDerivatives } from './arrangementDerivatives.js';
import { averagePoolingDerivatives } from './averagePoolingDerivatives.js';
import { convolution3DDerivatives } from './convolution3DDerivatives.js';
import { elementaryDerivatives } from './elementaryDerivatives.js';
import { extremeDerivatives } from './extremeDerivatives.js';
import { matMulDerivatives } from './matMulDerivatives.js';
import { maxPoolingDerivatives } from './maxPoolingDerivatives.js';
import { normalizationDerivatives } from './normalizationDerivatives.js';
import { productDerivatives } from './productDerivatives.js';
import { resizeDerivatives } from './resizeDerivatives.js';

/**
 * First derivatives that TensorFlow.js 4.22 has wrong on some backend or for some arguments, lacks, or has in a form that
 * cannot be differentiated again. They are right outside of a twice differentiable scope too.
 */
export const firstDerivatives: readonly GradConfig[] = [
  ...elementaryDerivatives,
  ...arrangementDerivatives,
  ...extremeDerivatives,
  ...productDerivatives,
  ...matMulDerivatives,
  ...normalizationDerivatives,
  ...maxPoolingDerivatives,
  ...averagePoolingDerivatives,
  ...convolution3DDerivatives,
  ...resizeDerivatives,
];
