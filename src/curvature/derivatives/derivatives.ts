import type { GradConfig } from '@tensorflow/tfjs-core';
import { averagePoolingSecondDerivatives } from './averagePoolingDerivatives.js';
import { convolution3DSecondDerivatives } from './convolution3DDerivatives.js';
import { convolutionDerivatives } from './convolutionDerivatives.js';
import { firstDerivatives } from './firstDerivatives.js';
import { refusals } from './refusals.js';
import { resizeSecondDerivatives } from './resizeDerivatives.js';
import { saturatingDerivatives } from './saturatingDerivatives.js';
import { summationDerivatives } from './summationDerivatives.js';

/** What the registry of TensorFlow.js 4.22 needs for derivatives of every order to be right, or refused. */
export const derivatives: readonly GradConfig[] = [
  ...firstDerivatives,
  ...convolutionDerivatives,
  ...convolution3DSecondDerivatives,
  ...averagePoolingSecondDerivatives,
  ...resizeSecondDerivatives,
  ...saturatingDerivatives,
  ...summationDerivatives,
  ...refusals,
];
