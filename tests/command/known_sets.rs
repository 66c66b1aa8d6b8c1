//! The files of well-known data sets, in miniature, as they are published: the first command reads each.

use foldin_cli::data::{Reading, interactions, items};
use std::path::PathBuf;

/// A set's interactions, how they are to be read, and what comes out.
struct Set {
    name: &'static str,
    file: &'static str,
    text: &'static str,
    explode: Option<&'static str>,
    /// Users, items, interactions; whether there are times.
    counts: (usize, usize, usize),
    times: bool,
    /// The first pair by user and item as read.
    first: (&'static str, &'static str),
    /// The items' file, with the title and the tags of one item.
    items: Option<(&'static str, &'static str, &'static str, &'static str, &'static [&'static str])>,
}

const NONE: Set = Set {
    name: "",
    file: "",
    text: "",
    explode: None,
    counts: (2, 2, 3),
    times: true,
    first: ("", ""),
    items: None,
};

const SETS: [Set; 19] = [
    Set {
        name: "MovieLens 100K",
        file: "u.data",
        text: "196\t242\t3\t881250949\n186\t302\t3\t891717742\n196\t302\t1\t878887116\n",
        first: ("196", "242"),
        items: Some((
            "u.item",
            "242|Kolya (1996)|24-Jan-1997||http://us.imdb.com/M/title-exact?Kolya%20(1996)|0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n302|L.A. Confidential (1997)|01-Jan-1997||http://us.imdb.com/M/title-exact?L%2EA%2E+Confidential+(1997)|0|0|0|0|0|0|1|0|0|0|1|0|0|1|0|0|1|0|0\n",
            "302",
            "L.A. Confidential (1997)",
            &["Crime", "Film-Noir", "Mystery", "Thriller"],
        )),
        ..NONE
    },
    Set {
        name: "MovieLens 1M",
        file: "ratings.dat",
        text: "1::1193::5::978300760\n1::661::3::978302109\n2::1193::4::978298413\n",
        first: ("1", "1193"),
        items: Some((
            "movies.dat",
            "1193::One Flew Over the Cuckoo's Nest (1975)::Drama\n661::James and the Giant Peach (1996)::Animation|Children's|Musical\n",
            "661",
            "James and the Giant Peach (1996)",
            &["Animation", "Children's", "Musical"],
        )),
        ..NONE
    },
    Set {
        name: "MovieLens 25M",
        file: "ratings.csv",
        text: "userId,movieId,rating,timestamp\n1,296,5.0,1147880044\n1,306,3.5,1147868817\n2,296,5.0,1147868828\n",
        first: ("1", "296"),
        items: Some((
            "movies.csv",
            "movieId,title,genres\n296,Pulp Fiction (1994),Comedy|Crime|Drama|Thriller\n306,\"Three Colors: Red (Trois couleurs: Rouge), (1994)\",Drama\n",
            "296",
            "Pulp Fiction (1994)",
            &["Comedy", "Crime", "Drama", "Thriller"],
        )),
        ..NONE
    },
    Set {
        name: "Amazon 2018, ratings only",
        file: "All_Beauty.csv",
        text: "0143026860,A1V6B6TNIC10QE,1.0,1424304000\n014789302X,A1V6B6TNIC10QE,4.0,1418860800\n0143026860,A2F5GHSXFQ0W6J,5.0,1405382400\n",
        first: ("A1V6B6TNIC10QE", "0143026860"),
        ..NONE
    },
    Set {
        name: "Amazon 2018, reviews",
        file: "AMAZON_FASHION.json",
        text: "{\"overall\": 5.0, \"verified\": true, \"reviewTime\": \"10 20, 2014\", \"reviewerID\": \"A1D4G1SNUZWQOT\", \"asin\": \"7106116521\", \"reviewerName\": \"Tracy\", \"reviewText\": \"Exactly what I needed.\", \"summary\": \"perfect\", \"unixReviewTime\": 1413763200}\n{\"overall\": 2.0, \"verified\": true, \"reviewTime\": \"09 28, 2014\", \"reviewerID\": \"A3DDWDH9PX2YX2\", \"asin\": \"7106116521\", \"vote\": \"3\", \"reviewText\": \"I agree, \\\"small\\\"\", \"unixReviewTime\": 1411862400}\n{\"overall\": 4.0, \"reviewerID\": \"A1D4G1SNUZWQOT\", \"asin\": \"B00007GDFV\", \"unixReviewTime\": 1413763201}\n",
        first: ("A1D4G1SNUZWQOT", "7106116521"),
        ..NONE
    },
    Set {
        name: "Amazon 2023",
        file: "All_Beauty.jsonl",
        text: "{\"rating\": 5.0, \"title\": \"Such a lovely scent\", \"text\": \"This spray is nice.\", \"images\": [], \"asin\": \"B00YQ6X8EO\", \"parent_asin\": \"B00YQ6X8EO\", \"user_id\": \"AGKHLEW2SOWHNMFQIJGBECAF7INQ\", \"timestamp\": 1588687728923, \"helpful_vote\": 0, \"verified_purchase\": true}\n{\"rating\": 4.0, \"title\": \"Works\", \"text\": \"Smells good\", \"images\": [{\"small_image_url\": \"u\"}], \"asin\": \"B081TJ8YS3\", \"parent_asin\": \"B081TJ8YS4\", \"user_id\": \"AGKHLEW2SOWHNMFQIJGBECAF7INQ\", \"timestamp\": 1588615855070, \"helpful_vote\": 1, \"verified_purchase\": true}\n{\"rating\": 1.0, \"title\": \"No\", \"text\": \"\", \"images\": [], \"asin\": \"B081TJ8YS3\", \"parent_asin\": \"B081TJ8YS4\", \"user_id\": \"AE74DYR3QUGVPZJ3P7RFWBGIX7XQ\", \"timestamp\": 1589665266052, \"helpful_vote\": 2, \"verified_purchase\": true}\n",
        first: ("AE74DYR3QUGVPZJ3P7RFWBGIX7XQ", "B081TJ8YS4"),
        items: Some((
            "meta_All_Beauty.jsonl",
            "{\"main_category\": \"All Beauty\", \"title\": \"Howard LC0008 Leather Conditioner\", \"average_rating\": 4.8, \"rating_number\": 10, \"price\": null, \"categories\": [\"Skin\", \"Hair\"], \"parent_asin\": \"B081TJ8YS4\", \"details\": {\"Weight\": \"1\"}}\n{\"main_category\": \"All Beauty\", \"title\": \"Herbivore Spray\", \"average_rating\": 4.1, \"rating_number\": 5, \"price\": 12.5, \"categories\": [], \"parent_asin\": \"B00YQ6X8EO\", \"details\": {}}\n",
            "B081TJ8YS4",
            "Howard LC0008 Leather Conditioner",
            &["Skin", "Hair"],
        )),
        ..NONE
    },
    Set {
        name: "Goodreads, interactions",
        file: "goodreads_interactions.csv",
        text: "user_id,book_id,is_read,rating,is_reviewed\n0,948,1,5,0\n0,947,1,5,1\n1,948,0,0,0\n",
        times: false,
        first: ("0", "947"),
        ..NONE
    },
    Set {
        name: "Goodreads, reviews",
        file: "goodreads_reviews.json",
        text: "{\"user_id\": \"8842281e1d1347389f2ab93d60773d4d\", \"book_id\": \"24375664\", \"review_id\": \"5cd4\", \"rating\": 5, \"date_added\": \"Fri Aug 25 13:55:02 -0700 2017\", \"n_votes\": 16}\n{\"user_id\": \"8842281e1d1347389f2ab93d60773d4d\", \"book_id\": \"18245960\", \"review_id\": \"dfdb\", \"rating\": 5, \"date_added\": \"Sun Jul 30 07:44:10 -0700 2017\", \"n_votes\": 28}\n{\"user_id\": \"7504b2aee1ecb5b2872d3da381c6c91e\", \"book_id\": \"24375664\", \"review_id\": \"a5d2\", \"rating\": 4, \"date_added\": \"Mon Jul 24 02:48:17 -0700 2017\", \"n_votes\": 6}\n",
        first: ("7504b2aee1ecb5b2872d3da381c6c91e", "24375664"),
        items: Some((
            "goodreads_books.json",
            "{\"isbn\": \"0312853122\", \"popular_shelves\": [{\"count\": \"3\", \"name\": \"to-read\"}], \"average_rating\": \"4.00\", \"title\": \"W.C. Fields\", \"book_id\": \"24375664\", \"publication_year\": \"1984\", \"work_id\": \"5400751\"}\n{\"isbn\": \"\", \"popular_shelves\": [{\"count\": \"5\", \"name\": \"fantasy\"}, {\"count\": \"2\", \"name\": \"owned\"}], \"average_rating\": \"4.2\", \"title\": \"Good Harbor\", \"book_id\": \"18245960\", \"publication_year\": \"\", \"work_id\": \"1323437\"}\n",
            "18245960",
            "Good Harbor",
            &["fantasy", "owned"],
        )),
        ..NONE
    },
    Set {
        name: "Book-Crossing",
        file: "BX-Book-Ratings.csv",
        text: "\"User-ID\";\"ISBN\";\"Book-Rating\"\n\"276725\";\"034545104X\";\"0\"\n\"276726\";\"0155061224\";\"5\"\n\"276725\";\"0155061224\";\"7\"\n",
        times: false,
        first: ("276725", "0155061224"),
        items: Some((
            "BX-Books.csv",
            "\"ISBN\";\"Book-Title\";\"Book-Author\";\"Year-Of-Publication\"\n\"034545104X\";\"Peter Pan: \\\"Flight\\\"; again\";\"A\";\"2002\"\n\"0155061224\";\"Rites of Passage\";\"B\";\"2001\"\n",
            "034545104X",
            "Peter Pan: \"Flight\"; again",
            &[],
        )),
        ..NONE
    },
    Set {
        name: "Last.fm (HetRec)",
        file: "user_artists.dat",
        text: "userID\tartistID\tweight\n2\t51\t13883\n2\t52\t11690\n3\t51\t11351\n",
        times: false,
        first: ("2", "51"),
        items: Some((
            "artists.dat",
            "id\tname\turl\tpictureURL\n51\tDuran Duran\thttp://www.last.fm/music/Duran\thttp://x/1.jpg\n52\tMorcheeba\thttp://www.last.fm/music/M\thttp://x/2.jpg\n",
            "51",
            "Duran Duran",
            &[],
        )),
        ..NONE
    },
    Set {
        name: "Last.fm 360K",
        file: "usersha1-artmbid-artname-plays.tsv",
        text: "00000c289a1829a808ac09c00daf10bc3c4e223b\t3bd73256-3905-4f3a-97e2-8b341527f805\tbetty blowtorch\t2137\n00000c289a1829a808ac09c00daf10bc3c4e223b\tf2fb0ff0-5679-42ec-a55c-15109ce6e320\tdie \u{c4}rzte\t1099\n00001411dc427966b17297bf4d69e7e193135d89\t3bd73256-3905-4f3a-97e2-8b341527f805\tbetty blowtorch\t12\n",
        times: false,
        first: ("00000c289a1829a808ac09c00daf10bc3c4e223b", "3bd73256-3905-4f3a-97e2-8b341527f805"),
        ..NONE
    },
    Set {
        name: "Yelp",
        file: "yelp_academic_dataset_review.json",
        text: "{\"review_id\":\"KU_O5udG6zpxOg-VcAEodg\",\"user_id\":\"mh_-eMZ6K5RLWhZyISBhwA\",\"business_id\":\"XQfwVwDr-v0ZS3_CbbE5Xw\",\"stars\":3.0,\"useful\":0,\"funny\":0,\"cool\":0,\"text\":\"If you decide, be aware\\nof it.\",\"date\":\"2018-07-07 22:09:11\"}\n{\"review_id\":\"B\",\"user_id\":\"mh_-eMZ6K5RLWhZyISBhwA\",\"business_id\":\"YjUWPpI6HXG530lwP-fb2A\",\"stars\":5.0,\"text\":\"Wow\",\"date\":\"2012-01-03 15:28:18\"}\n{\"review_id\":\"C\",\"user_id\":\"OyoGAe7OKpv6SyGZT5g77Q\",\"business_id\":\"YjUWPpI6HXG530lwP-fb2A\",\"stars\":4.0,\"text\":\"Ok\",\"date\":\"2014-02-05 20:30:30\"}\n",
        first: ("OyoGAe7OKpv6SyGZT5g77Q", "YjUWPpI6HXG530lwP-fb2A"),
        items: Some((
            "yelp_academic_dataset_business.json",
            "{\"business_id\":\"XQfwVwDr-v0ZS3_CbbE5Xw\",\"name\":\"Turning Point\",\"stars\":3.0,\"is_open\":1,\"attributes\":{\"WiFi\":\"'no'\"},\"categories\":\"Restaurants, Breakfast & Brunch, Food\",\"hours\":null}\n{\"business_id\":\"YjUWPpI6HXG530lwP-fb2A\",\"name\":\"Kettle\",\"stars\":3.5,\"is_open\":1,\"attributes\":null,\"categories\":\"Food, Restaurants\",\"hours\":null}\n",
            "YjUWPpI6HXG530lwP-fb2A",
            "Kettle",
            &["Food", "Restaurants"],
        )),
        ..NONE
    },
    Set {
        name: "MIND",
        file: "behaviors.tsv",
        text: "1\tU13740\t11/11/2019 9:05:58 AM\tN55189 N42782\tN55689-1 N35729-0\n2\tU91836\t11/12/2019 6:11:30 PM\tN31739 N55189\tN20678-0 N39317-0\n3\tU73700\t11/14/2019 7:01:48 AM\tN42782\tN50014-0 N23877-0\n",
        explode: Some("4"),
        counts: (3, 3, 5),
        first: ("U13740", "N42782"),
        items: Some((
            "news.tsv",
            "N55189\tlifestyle\tlifestyleroyals\tThe Brands Queen Elizabeth Swears By\tShop the notebooks.\thttps://x/1.html\t[{\"Label\": \"Prince\"}]\t[]\nN42782\thealth\tweightloss\t50 Worst Habits\tThese seem harmless.\thttps://x/2.html\t[]\t[]\nN31739\tnews\tnewsworld\tThe Cost of Trump\tLt. Ivan.\thttps://x/3.html\t[]\t[]\n",
            "N42782",
            "50 Worst Habits",
            &["health"],
        )),
        ..NONE
    },
    Set {
        name: "Steam 200K",
        file: "steam-200k.csv",
        text: "151603712,\"The Elder Scrolls V Skyrim\",purchase,1.0,0\n151603712,\"The Elder Scrolls V Skyrim\",play,273.0,0\n151603712,\"Fallout 4\",purchase,1.0,0\n53875128,\"Fallout 4\",purchase,1.0,0\n",
        times: false,
        first: ("151603712", "Fallout 4"),
        ..NONE
    },
    Set {
        name: "Steam reviews",
        file: "steam_reviews.json",
        text: "{u'username': u'Chaos Syren', u'hours': u'0.1', u'products': u'41', u'product_id': u'725280', u'date': u'2017-12-17', u'text': u'This would not be \"acceptable\" as, it\\'s', u'early_access': False}\n{u'username': u'Chaos Syren', u'hours': u'51.1', u'product_id': u'328100', u'date': u'2017-12-27', u'text': u'looks like', u'early_access': False}\n{u'username': u'Ariman1', u'hours': u'13.2', u'product_id': u'328100', u'date': u'2017-08-02', u'early_access': False}\n",
        first: ("Ariman1", "328100"),
        ..NONE
    },
    Set {
        name: "Yoochoose",
        file: "yoochoose-clicks.dat",
        text: "1,2014-04-07T10:51:09.277Z,214536502,0\n1,2014-04-07T10:54:09.868Z,214536500,0\n2,2014-04-07T13:56:37.614Z,214536502,S\n",
        first: ("1", "214536500"),
        ..NONE
    },
    Set {
        name: "H&M",
        file: "transactions_train.csv",
        text: "t_dat,customer_id,article_id,price,sales_channel_id\n2018-09-20,000058a12d5b43e67d225668fa1f8d618c13dc232df0cad8ffe7ad4a1091e318,0663713001,0.05083,2\n2018-09-21,000058a12d5b43e67d225668fa1f8d618c13dc232df0cad8ffe7ad4a1091e318,0541518023,0.03049,2\n2018-09-20,00007d2de826758b65a93dd24ce629ed66842531df6699338c5570910a014cc2,0663713001,0.01523,2\n",
        first: ("000058a12d5b43e67d225668fa1f8d618c13dc232df0cad8ffe7ad4a1091e318", "0541518023"),
        items: Some((
            "articles.csv",
            "article_id,product_code,prod_name,product_type_no,product_type_name,product_group_name\n0663713001,663713,Strap top,253,Vest top,Garment Upper body\n0541518023,541518,OP T-shirt,306,Bra,Underwear\n",
            "0541518023",
            "OP T-shirt",
            &[],
        )),
        ..NONE
    },
    Set {
        name: "RetailRocket",
        file: "events.csv",
        text: "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n1433224214164,257597,addtocart,248676,\n1433223999827,111016,transaction,248676,4000\n",
        first: ("111016", "248676"),
        ..NONE
    },
    Set {
        name: "Netflix Prize",
        file: "combined_data_1.txt",
        text: "1:\n1488844,3,2005-09-06\n822109,5,2005-05-13\n2:\n1488844,4,2005-09-05\n",
        first: ("1488844", "1"),
        ..NONE
    },
];

#[test]
fn each_is_read_at_the_first_try() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    for set in &SETS {
        let reading = Reading { explode: set.explode.map(String::from), ..Reading::default() };
        let (read, read_as) = interactions::read_as(write(set.file, set.text), &reading)
            .unwrap_or_else(|error| panic!("{}: {error}", set.name));
        let counts = (read.users(), read.items(), read.matrix.entries());
        assert_eq!(counts, set.counts, "{}: {read_as}", set.name);
        assert_eq!(read.times.is_some(), set.times, "{}: {read_as}", set.name);
        let mut pairs: Vec<(&str, &str)> = (read.matrix.iter())
            .map(|(user, item, _)| {
                (read.user_ids[user as usize].as_str(), read.item_ids[item as usize].as_str())
            })
            .collect();
        pairs.sort_unstable();
        assert!(pairs.contains(&set.first), "{}: {pairs:?}", set.name);
        let Some((file, text, id, title, tags)) = set.items else { continue };
        let table = items::read(write(file, text)).unwrap_or_else(|error| panic!("{}: {error}", set.name));
        let matching = table.matching(set.file, &read.item_ids).unwrap();
        assert_eq!(matching.matched, matching.of, "{}", set.name);
        let columns = table.columns_for(&[id.to_owned()]);
        assert_eq!(columns.titles.unwrap(), [title], "{}", set.name);
        let found: Vec<&str> = (columns.tags.values())
            .flat_map(|column| column.codes[0].iter().map(|&code| column.vocabulary[code as usize].as_str()))
            .collect();
        tags.iter().for_each(|tag| assert!(found.contains(tag), "{}: {tag} among {found:?}", set.name));
    }
}
