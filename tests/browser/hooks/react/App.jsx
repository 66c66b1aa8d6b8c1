import { StrictMode, useState } from "react";
import { FoldinProvider, useRecommender, useShelf, useSimilar } from "foldin/react";

function Shelf({ name, count, initialItems }) {
  const { items, status } = useShelf({ count, explain: true, initialItems });
  const { record } = useRecommender();
  return (
    <ul id={name} data-status={status}>
      {items.map(({ item, title }) => (
        <li key={item} data-item={item}>
          <button onClick={() => void record({ item, event: "like" })}>{title}</button>
        </li>
      ))}
    </ul>
  );
}

function Similar({ item }) {
  const { items } = useSimilar(item, { count: 2 });
  return <p id="similar">{items.map(({ item }) => item).join()}</p>;
}

export function App({ initialItems }) {
  const [count, setCount] = useState(4);
  const [item, setItem] = useState();
  const provided = { src: "/movies.safetensors", profile: "hooks" };
  return (
    <StrictMode>
      <FoldinProvider {...provided}>
        <Shelf name="first" count={count} initialItems={initialItems} />
        <Similar item={item} />
      </FoldinProvider>
      <FoldinProvider {...provided}>
        <Shelf name="second" count={4} />
      </FoldinProvider>
      <foldin-shelf src="/movies.safetensors" count="4" profile="hooks" />
      <button id="change" onClick={() => (setCount(3), setItem("50"))}>change</button>
    </StrictMode>
  );
}
