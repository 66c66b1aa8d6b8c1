"""Twice 200 queries for films in other words than the catalogue's, and the genres that they mean.

    python queries.py ITEMS TEACHER OUT

ITEMS is RecBole's item file. Each genre has two paraphrases. The queries are the paraphrases, then those of two genres side by
side, in the order of how many films have both, each pair once with the first paraphrases and once with the second ones. OUT.txt
gets them with their genres, OUT.npy what the encoder in the folder TEACHER makes of them. How texts are put together was
chosen on these; OUT-held-out.txt and .npy have those of two other paraphrases a genre, which were written when all had been chosen.
"""

import collections
import itertools
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "python" / "foldin"))
import teacher

COUNT = 200
SAID = {
    "Action": ("explosive fights and car chases", "gun battles and stunts"),
    "Adventure": ("a perilous quest", "an expedition for hidden treasure"),
    "Animation": ("a hand drawn cartoon", "cartoon characters"),
    "Children's": ("fun for kids", "for the whole family with little ones"),
    "Comedy": ("hilarious and silly", "makes you laugh out loud"),
    "Crime": ("gangsters and heists", "mafia bosses and the police"),
    "Documentary": ("real footage and interviews", "nonfiction reportage"),
    "Drama": ("serious and moving", "an emotional character study"),
    "Fantasy": ("wizards and magic", "an enchanted kingdom"),
    "Film-Noir": ("a cynical detective and a femme fatale", "hard boiled private eyes in the shadows"),
    "Horror": ("scary monsters", "haunted and terrifying"),
    "Musical": ("singing and dancing", "songs and choreography"),
    "Mystery": ("a whodunit full of clues", "a puzzling disappearance"),
    "Romance": ("falling in love", "a couple and their passion"),
    "Sci-Fi": ("spaceships and aliens", "robots in the future"),
    "Thriller": ("nail biting suspense", "tense and gripping"),
    "War": ("soldiers in combat", "troops on the battlefield"),
    "Western": ("cowboys and outlaws", "gunslingers on the frontier"),
}
HELD_OUT = {
    "Action": ("shootouts and daring rescues", "a lone hero against an army of villains"),
    "Adventure": ("explorers in an uncharted jungle", "a voyage across dangerous seas"),
    "Animation": ("drawn frame by frame", "talking animals in bright colours"),
    "Children's": ("for little boys and girls", "a bedtime story"),
    "Comedy": ("jokes and slapstick", "a funny mix up"),
    "Crime": ("a bank robbery gone wrong", "crooks on the run from the law"),
    "Documentary": ("a portrait of true events", "archive recordings and witnesses"),
    "Drama": ("a family torn apart by grief", "a heartbreaking struggle"),
    "Fantasy": ("dragons and sorcerers", "fairies and spells"),
    "Film-Noir": ("a doomed man led astray by a dangerous blonde", "smoky rooms and betrayal in black and white"),
    "Horror": ("ghosts and blood", "a nightmare with a chainsaw killer"),
    "Musical": ("characters who burst into song", "a stage show with tap dancers"),
    "Mystery": ("who is the killer", "a secret that an inspector must uncover"),
    "Romance": ("two lovers who cannot be together", "kisses and heartache"),
    "Sci-Fi": ("astronauts on a distant planet", "time travel and machines that think"),
    "Thriller": ("a conspiracy and a race against the clock", "stalked by a dangerous stranger"),
    "War": ("young men in the trenches", "an invasion and its bombs"),
    "Western": ("a sheriff and a saloon", "riding horses across the prairie"),
}


def genres(path):
    with open(path, encoding="utf-8") as file:
        header, *lines = [line.rstrip("\n").split("\t") for line in file]
    at = [column.split(":")[0] for column in header].index("class")
    return [[genre for genre in line[at].split(" ") if genre in SAID] for line in lines]


def queries(films, sayings_of):
    both = collections.Counter(pair for film in films for pair in itertools.combinations(sorted(film), 2))
    pairs = sorted(both, key=lambda pair: (-both[pair], pair))
    single = [(said, [genre]) for genre, sayings in sayings_of.items() for said in sayings]
    paired = [(f"{sayings_of[a][at]}, {sayings_of[b][at]}", [a, b]) for a, b in pairs for at in (0, 1)]
    return (single + paired)[:COUNT]


def main(items, folder, out):
    films = genres(items)
    for sayings, file in ((SAID, out), (HELD_OUT, f"{out}-held-out")):
        made = queries(films, sayings)
        with open(f"{file}.txt", "w", encoding="utf-8") as lines:
            lines.writelines(f"{text}\t{' '.join(meant)}\n" for text, meant in made)
        np.save(f"{file}.npy", teacher.embed(folder, [text for text, _ in made]))


if __name__ == "__main__":
    main(*sys.argv[1:])
