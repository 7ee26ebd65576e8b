import sharpstream = require('sharpstream');
import tfjs = require('sharpstream/tfjs');

export const hook: sharpstream.Intervention = sharpstream.sam({ rho: 0.05 });
export const { instrument } = tfjs;
