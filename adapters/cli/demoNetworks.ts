import { layers, type Sequential, sequential } from '@tensorflow/tfjs-layers';

/** The networks of the demo, for digits of 8×8 pixels. Both end in a softmax over ten classes. */

/** A small dense network: 64-32-10, 2,410 parameters. */
export const teacherNetwork = (): Sequential =>
  sequential({
    name: 'teacher',
    layers: [
      layers.flatten({ inputShape: [8, 8, 1] }),
      layers.dense({ units: 32, activation: 'relu' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });

/** A small convolutional network, 9,802 parameters, smooth so that its Hessian has both of its parts. */
export const studentNetwork = (): Sequential =>
  sequential({
    name: 'student',
    layers: [
      layers.conv2d({
        inputShape: [8, 8, 1],
        filters: 8,
        kernelSize: 3,
        padding: 'same',
        activation: 'tanh',
        name: 'conv_1',
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'tanh', name: 'conv_2' }),
      layers.flatten(),
      layers.dense({ units: 32, activation: 'tanh', name: 'dense' }),
      layers.dense({ units: 10, activation: 'softmax', name: 'head' }),
    ],
  });
