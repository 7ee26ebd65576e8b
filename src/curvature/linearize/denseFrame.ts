import { add, matMul, reshape, sub, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { DenseWeight } from './denseWeight.js';
import type { Frame } from './frame.js';
import { rowSpace } from './rowSpace.js';

/**
 * The weight of a dense layer through which fewer rows pass than it is wide. With a and g flowing to y and to e,
 *
 *     H v = hᵀa + gᵀδ = Qᵀx + wᵀS,  x = Q H v,  w = S (H v)ᵀ (1 − QᵀQ),
 *
 * Q and S orthonormal, spanning the rows of h and of δ. So b (n + m) numbers stand for n m; and of six products of
 * b × n × m that H v takes, the four with v or H v in them become nine of b × b × m.
 *
 * @param hold keeps tensors as long as the frame is used.
 */
export function denseFrame(weight: DenseWeight, hold: <T extends Tensor>(x: T) => T): Frame {
  const { y, e } = weight;
  const [h, delta] = weight.kept.map((x) => hold(matrix(x))) as [Tensor2D, Tensor2D];
  const q = hold(rowSpace(h));
  const hq = hold(matMul(h, q, false, true));
  const x: Frame = {
    shapes: [delta.shape],
    ys: [weight.delta],
    xs: [y],
    into: (v) => [matMul(q, v as Tensor2D)],
    out: ([x]) => matMul(q, x as Tensor2D, true),
    enter: ([x]) => [reshape(matMul(hq, x as Tensor2D), weight.delta.shape)],
    leave: ([a]) => [matMul(hq, matrix(a!), true)],
  };
  if (!e) return x;
  const s = hold(rowSpace(delta));
  const ds = hold(matMul(delta, s, false, true));
  return {
    shapes: [...x.shapes, h.shape],
    ys: [...x.ys, weight.h],
    xs: [y, e],
    into: (v) => {
      const [qv, sv] = [...x.into(v), matMul(s, v as Tensor2D, false, true)] as [Tensor2D, Tensor2D];
      return [qv, sub(sv, matMul(matMul(s, qv, false, true), q))];
    },
    out: ([z, w]) => add(x.out([z!]), matMul(w as Tensor2D, s, true)),
    enter: ([z, w]) => {
      const along = matMul(matMul(delta, z as Tensor2D, false, true), q);
      return [...x.enter([z!]), reshape(add(along, matMul(ds, w as Tensor2D)), weight.h.shape)];
    },
    leave: ([a, g]) => {
      const flow = matrix(g!);
      const qg = matMul(q, flow, false, true);
      return [
        add(x.leave([a!])[0]!, matMul(qg, delta)),
        sub(matMul(ds, flow, true), matMul(matMul(ds, qg, true, true), q)),
      ];
    },
  };
}

/** Without dimensions of 1 before the last two. */
const matrix = (x: Tensor): Tensor2D => reshape(x, x.shape.slice(-2) as [number, number]);
