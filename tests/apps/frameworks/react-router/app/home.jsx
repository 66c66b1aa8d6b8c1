import { Shop } from "./Shop.jsx";

export const loader = () => ["1", "2", "3", "4"].map((item) => ({ item, title: `From the server: ${item}`, score: 0 }));

export default function Home({ loaderData }) {
  return <Shop initialItems={loaderData} />;
}
