import { addN, type Tensor, util } from '@tensorflow/tfjs-core';
import type { Engine, QuadraticForms, RangeForms, Tangent } from './curvature.js';
import type { FramedProducts } from './linearize/framedProducts.js';
import type { InRange } from './linearize/inRange.js';
import type { LinearComposition } from './linearize/linearizeComposition.js';
import { finite, operatorOn, type Space, tensorsOf } from './space.js';
import { dimensionOf, flatten } from './spectrum/weightSpace.js';
import { scoped } from './tape/scoped.js';

/** What of a composition they are made of. */
type FormProducts = FramedProducts & Pick<LinearComposition, 'outputHvp'>;

/** The quadratic forms of a composition, of flat vectors. */
export function quadraticForms(composition: LinearComposition, space: Space, engine: Engine): QuadraticForms {
  const { within, outputHvp } = composition;
  const inRange = ({ shapes, into, out, ...products }: InRange): RangeForms => {
    const params = shapes.map((shape) => ({ shape: [...shape], size: util.sizeFromShape([...shape]) }));
    const coordinates: Space = { ...space, params };
    return {
      ...formsOn({ ...products, outputHvp }, coordinates, engine),
      dimension: dimensionOf(params),
      nmeOperator: operatorOn(coordinates, 'nme', 2, (z) => products.nmeAndJvp(z).nme),
      into: (v) => scoped(() => flatten(into(tensorsOf('into', v, space)))),
      out: (z) => scoped(() => flatten(out(tensorsOf('out', z, coordinates)))),
    };
  };
  return {
    ...formsOn(composition, space, engine),
    within(find) {
      const found = within?.(find);
      return found && inRange(found);
    },
  };
}

function formsOn({ hvpAndJvp, outputHvp, nmeForm }: FormProducts, space: Space, engine: Engine): QuadraticForms {
  const tangentOf = (jvp: readonly Tensor[], slopes: readonly Tensor[]): Tangent => ({
    outputs: finite('jvp', flatten(jvp)),
    slopes: finite('outputHvp', flatten(slopes)),
  });
  return {
    // By differences, each section takes two gradients of all.
    cost: { hessian: 2, nme: engine === 'exact' ? 2 : 6 },
    hessian: (see) => {
      const product = (v: readonly Tensor[]): Tensor[] => {
        const { hvp, jvp, slopes } = hvpAndJvp(v);
        see(tangentOf(jvp, slopes));
        return hvp;
      };
      return operatorOn(space, 'hessian', 2, product);
    },
    nme: (v, starts) =>
      scoped(() => {
        const vs = tensorsOf('nme', v, space);
        const sections = starts.map((start, i) => nmeForm(vs, start, starts[i + 1] ?? Infinity));
        const nme = finite('nme', flatten([addN(sections.map((section) => section.nme))]))[0]!;
        // J is linear: what sections move adds up.
        const jvp = sections[0]!.jvp.map((_, k) => addN(sections.map((section) => section.jvp[k]!)));
        return { nme, tangent: tangentOf(jvp, outputHvp(jvp)) };
      }),
  };
}
