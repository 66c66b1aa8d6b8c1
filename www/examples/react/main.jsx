import { createRoot } from "react-dom/client";
import { FoldinProvider, useRecommender, useShelf } from "foldin/react";

function Shelf() {
  const { items, error } = useShelf({ count: 6, explain: true });
  const { record } = useRecommender();
  if (error) return <p role="alert">{error.message}</p>;
  return (
    <ul>
      {items.map(({ item, title, because }) => (
        <li key={item} data-item={item}>
          {title} <small>{because?.[0]?.title}</small>
          <button onClick={() => void record({ item, event: "like" })}>Like {title}</button>
        </li>
      ))}
    </ul>
  );
}

createRoot(document.getElementById("app")).render(
  <FoldinProvider src="/movies.safetensors" profile="default">
    <Shelf />
  </FoldinProvider>,
);
