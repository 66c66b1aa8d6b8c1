// How sites name what they export.

/** How a site names its columns; of several the first that is not empty counts. */
export interface Source {
  name: string;
  /** A column that no other site's export has; none where titles alone say what a list is. */
  sign?: string;
  titles: string[];
  year: string[];
  rating: string[];
  /** By the values where the site does not say it. */
  scale?: [number, number];
  date: string[];
  /** What a line without rating says: where it is one of the words, the item was seen or read. */
  status?: [columns: string[], seen: RegExp];
  /** A line without rating is on a list of wishes. */
  ratedOnly?: boolean;
}

export const SEEN = /^(read|watched|seen|completed|finished|done|played|2)$/i;

export const SOURCES: Source[] = [
  {
    name: "Letterboxd",
    sign: "Letterboxd URI",
    titles: ["Name"],
    year: ["Year"],
    rating: ["Rating"],
    scale: [0.5, 5],
    date: ["Watched Date", "Date"],
  },
  {
    name: "IMDb",
    sign: "Const",
    titles: ["Title", "Original Title"],
    year: ["Year"],
    rating: ["Your Rating"],
    scale: [1, 10],
    date: ["Date Rated", "Date Added", "Created"],
    ratedOnly: true,
  },
  {
    name: "Goodreads",
    sign: "Book Id",
    titles: ["Title"],
    year: ["Original Publication Year", "Year Published"],
    rating: ["My Rating"],
    scale: [1, 5],
    date: ["Date Read", "Date Added"],
    status: [["Exclusive Shelf"], SEEN],
  },
  {
    name: "StoryGraph",
    sign: "Read Status",
    titles: ["Title"],
    year: [],
    rating: ["Star Rating"],
    scale: [0.25, 5],
    date: ["Last Date Read", "Date Added"],
    status: [["Read Status"], SEEN],
  },
  {
    name: "MovieLens",
    sign: "movie_id",
    titles: ["title"],
    year: [],
    rating: ["rating"],
    scale: [0.5, 5],
    date: ["timestamp", "date"],
  },
  {
    name: "table",
    titles: ["title", "name", "movie", "movie title", "film", "book", "book title", "anime_title", "original title"],
    year: ["year", "release year", "release date", "published"],
    rating: ["rating", "your rating", "my rating", "rating10", "my_score", "score", "stars", "star rating"],
    date: ["date rated", "rated_at", "watched date", "watched_at", "finish_date", "date read", "date", "timestamp"],
    status: [["status", "my_status", "shelf", "exclusive shelf", "read status", "list"], SEEN],
  },
];
