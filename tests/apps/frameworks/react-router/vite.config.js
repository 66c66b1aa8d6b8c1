import { reactRouter } from "@react-router/dev/vite";

// The app's peers lie in a folder above it.
export default { plugins: [reactRouter()], server: { fs: { allow: ["../.."] } } };
