export const metadata = { title: "shop", icons: "/favicon.svg" };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
