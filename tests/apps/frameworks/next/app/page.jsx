import { Shop } from "./Shop.jsx";

const items = ["1", "2", "3", "4"].map((item) => ({ item, title: `From the server: ${item}`, score: 0 }));

export const dynamic = "force-dynamic";

export default function Page() {
  return <Shop initialItems={items} />;
}
