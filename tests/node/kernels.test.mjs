import { testKernels } from "../support/kernels.mjs";

testKernels();
