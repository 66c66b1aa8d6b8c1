// [items x dim] to [dim x items], the layout that matrix libraries multiply a row vector with fastest.

export function transposed(factors, dim) {
  const items = factors.length / dim;
  const columns = new Float32Array(factors.length);
  for (let item = 0; item < items; item++) {
    for (let j = 0; j < dim; j++) columns[j * items + item] = factors[item * dim + j];
  }
  return columns;
}
