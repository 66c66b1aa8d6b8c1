import { Links, Meta, Outlet, Scripts } from "react-router";

export const links = () => [{ rel: "icon", href: "/favicon.svg" }];

export default function Root() {
  return (
    <html lang="en">
      <head>
        <title>shop</title>
        <Meta />
        <Links />
      </head>
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  );
}
