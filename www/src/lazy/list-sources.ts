// How sites name the columns of the lists that they export.

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
  status?: string[];
  /** A line without rating is on a list of wishes, where the list has one of these columns. */
  ratedOnly?: string[];
}

/** Words for what was seen or read to its end; 2 is MyAnimeList's. */
export const SEEN = /^(read|watched|seen|completed|finished|done|played|2)$/i;

/** What is no film, whatever it is called. */
export const NO_FILM = /episode|series|season|^tv$|^show$|game|podcast|music video/i;

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
    ratedOnly: ["Const"],
  },
  {
    name: "Goodreads",
    sign: "Book Id",
    titles: ["Title"],
    year: ["Original Publication Year", "Year Published"],
    rating: ["My Rating"],
    scale: [1, 5],
    date: ["Date Read", "Date Added"],
    status: ["Exclusive Shelf"],
  },
  {
    name: "StoryGraph",
    sign: "Read Status",
    titles: ["Title"],
    year: [],
    rating: ["Star Rating"],
    scale: [0.25, 5],
    date: ["Last Date Read", "Date Added"],
    status: ["Read Status"],
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
    name: "BookWyrm",
    sign: "openlibrary_key",
    titles: ["title"],
    year: [],
    rating: ["rating"],
    scale: [0.5, 5],
    date: ["finish_date", "shelf_date", "start_date"],
    status: ["shelf", "shelf_name"],
  },
  {
    name: "TMDB",
    sign: "TMDb ID",
    titles: ["Name"],
    year: ["Release Date"],
    rating: ["Your Rating"],
    scale: [1, 10],
    date: ["Date Rated", "Date Added"],
    ratedOnly: ["Your Rating"],
  },
  {
    name: "Trakt",
    sign: "rated_at",
    titles: ["title"],
    year: ["year"],
    rating: ["rating"],
    scale: [1, 10],
    date: ["rated_at"],
  },
  {
    name: "MyAnimeList",
    sign: "my_score",
    titles: ["series_title", "anime_title"],
    year: [],
    rating: ["my_score"],
    scale: [1, 10],
    date: ["my_finish_date", "my_start_date"],
    status: ["my_status"],
  },
  {
    name: "table",
    titles: [
      ...["title", "name", "movie", "movie title", "film", "book", "book title"],
      ...["original title", "track", "track name", "song", "album", "artist"],
    ],
    year: ["year", "release year", "release date", "published"],
    rating: ["your rating", "my rating", "my_rating", "rating", "rating10", "score", "stars", "star rating"],
    date: [
      ...["date rated", "rated_at", "watched date", "last_watched_at", "watched_at", "finish_date"],
      ...["date read", "date", "utc_time", "uts", "timestamp"],
    ],
    status: ["status", "shelf", "exclusive shelf", "read status", "list"],
    ratedOnly: ["your rating", "my rating"],
  },
];
