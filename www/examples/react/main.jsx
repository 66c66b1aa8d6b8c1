import { createRoot } from "react-dom/client";
import { useShelf } from "./useShelf.js";

function Shelf({ src }) {
  const { items, error, act } = useShelf(src, 6);
  if (error) return <p role="alert">{error.message}</p>;
  return (
    <ul>
      {items.map(({ item, title, because }) => (
        <li key={item} data-item={item}>
          {title} <small>{because?.[0]?.title}</small>
          <button onClick={() => act({ item, event: "like" })}>Like {title}</button>
        </li>
      ))}
    </ul>
  );
}

createRoot(document.getElementById("app")).render(<Shelf src="/movies.safetensors" />);
