# %% exercise="get_labels" name="loops"
def get_labels(sentence_l):
    labels = dict.fromkeys(CATEGORIES, False)
    for sentence in sentence_l:
        low = sentence.lower()
        for finding in CATEGORIES:
            for word in get_mention_keywords(finding):
                if word in low:
                    labels[finding] = True
    return labels


# %% exercise="get_labels" name="one_text_and_find"
def get_labels(sentence_l):
    whole = "\n".join(sentence_l).casefold()
    return {f: max((whole.find(w) for w in get_mention_keywords(f)), default=-1) >= 0 for f in CATEGORIES}


# %% exercise="get_labels" name="regular_expressions_and_numpy_bools"
def get_labels(sentence_l):
    found = {}
    for finding in CATEGORIES:
        pattern = re.compile("|".join(map(re.escape, get_mention_keywords(finding))), re.IGNORECASE)
        found[finding] = np.array([bool(pattern.search(s)) for s in sentence_l], dtype=bool).any()
    return found


# %% exercise="get_labels_negative_aware" name="words_one_by_one"
def get_labels_negative_aware(sentence_l):
    labels = {finding: False for finding in CATEGORIES}
    for sentence in sentence_l:
        low = sentence.lower()
        marks = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[a-z]+|;", low)]
        for finding in CATEGORIES:
            for word in get_mention_keywords(finding):
                place = low.find(word)
                while place != -1:
                    end = place + len(word)
                    denied = False
                    for first, last, mark in marks:
                        if last > place:
                            break
                        if mark in (";", "but", "however", "although"):
                            denied = False
                        elif mark in ("no", "not", "without", "denies"):
                            denied = True
                    after = [(f, m) for f, l, m in marks if f >= end]
                    tail = low[end:]
                    while tail and "a" <= tail[0] <= "z":
                        tail = tail[1:]
                    nexts = tail.split()[:2]
                    behind = (
                        tail[:1].isspace()
                        and len(nexts) == 2
                        and nexts[0] in ("is", "are", "was", "were")
                        and re.fullmatch(r"not\W*", nexts[1]) is not None
                    )
                    if not denied and not behind:
                        labels[finding] = True
                    place = low.find(word, place + 1)
    return labels


# %% exercise="get_labels_negative_aware" name="blank_out_what_is_denied"
def get_labels_negative_aware(sentence_l):
    every = sorted((w for f in CATEGORIES for w in get_mention_keywords(f)), key=len, reverse=True)
    behind = re.compile("(?:" + "|".join(map(re.escape, every)) + r")[a-z]*(?=\s+(?:is|are|was|were)\s+not\b)")
    rest = []
    for sentence in sentence_l:
        for clause in re.split(r";|\bbut\b|\bhowever\b|\balthough\b", sentence.lower()):
            rest.append(re.split(r"\b(?:no|not|without|denies)\b", behind.sub(" ", clause))[0])
    return {f: any(w in part for part in rest for w in get_mention_keywords(f)) for f in CATEGORIES}


# %% exercise="get_labels_negative_aware" name="a_counter_and_named_groups"
def get_labels_negative_aware(sentence_l):
    affirmed = Counter()
    for sentence in sentence_l:
        clause_start = 0
        low = sentence.lower() + " ;"
        for stop in re.finditer(r";|\b(?:but|however|although)\b", low):
            clause = low[clause_start : stop.start()]
            first_denial = re.search(r"\b(?:no|not|without|denies)\b", clause)
            reach = first_denial.start() if first_denial else len(clause)
            for finding in CATEGORIES:
                for word in get_mention_keywords(finding):
                    for m in re.finditer(rf"(?={re.escape(word)})", clause):
                        word_start = re.search(r"[a-z]*$", clause[: m.start()]).start()
                        if word_start > reach:
                            continue
                        behind = re.match(r"[a-z]*\s+(?:is|are|was|were)\s+not\b", clause[m.start() + len(word) :])
                        affirmed[finding] += behind is None
            clause_start = stop.end()
    return {finding: affirmed[finding] > 0 for finding in CATEGORIES}


# %% exercise="f1_scores" name="scikit_learn"
def f1_scores(y_true, y_pred):
    from sklearn.metrics import f1_score

    t, p = np.asarray(y_true).astype(int), np.asarray(y_pred).astype(int)
    each = []
    for c in range(t.shape[1]):
        each.append(f1_score(t[:, c], p[:, c]) if t[:, c].any() or p[:, c].any() else np.nan)
    if not t.any() and not p.any():
        return each, np.nan, np.nan
    micro = f1_score(t.ravel(), p.ravel())
    return each, micro, np.nanmean(each)


# %% exercise="f1_scores" name="precision_and_recall"
def f1_scores(y_true, y_pred):
    t, p = np.array(y_true, dtype="float64"), np.array(y_pred, dtype="float64")

    def harmonic(hits, predicted, present):
        if predicted + present == 0:
            return float("nan")
        if hits == 0:
            return 0.0
        precision, recall = hits / predicted, hits / present
        return 2 / (1 / precision + 1 / recall)

    hits, predicted, present = (t * p).sum(0), p.sum(0), t.sum(0)
    per_class = tuple(harmonic(*row) for row in zip(hits, predicted, present))
    micro = harmonic(hits.sum(), predicted.sum(), present.sum())
    known = [f for f in per_class if f == f]
    return per_class, micro, (sum(known) / len(known) if known else float("nan"))


# %% exercise="f1_scores" name="pandas_and_single_precision"
def f1_scores(y_true, y_pred):
    t, p = pd.DataFrame(np.asarray(y_true)).astype(int), pd.DataFrame(np.asarray(y_pred)).astype(int)
    both, one = (t & p).sum(), (t ^ p).sum()
    below = (2 * both + one).astype(float).where(lambda b: b > 0)
    each = 2 * both / below
    total = 2 * both.sum() + one.sum()
    micro = 2 * both.sum() / total if total > 0 else np.float32("nan")
    return each, micro, each.mean()


# %% exercise="prepare_bert_input" name="lists_only"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    tokens = [tokenizer.cls_token, *tokenizer.tokenize(question), tokenizer.sep_token]
    tokens = [*tokens, *tokenizer.tokenize(passage)][: max_seq_length - 1]
    tokens.append(tokenizer.sep_token)
    ids = list(tokenizer.convert_tokens_to_ids(tokens))
    mask = [1] * len(ids)
    while len(ids) < max_seq_length:
        ids.append(0)
        mask.append(0)
    return [ids], mask, tokens


# %% exercise="prepare_bert_input" name="zeros_then_filled"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    q, p = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    over = len(q) + len(p) + 3 - max_seq_length
    if over > 0:
        p = p[:-over]
    tokens = [tokenizer.cls_token, *q, tokenizer.sep_token, *p, tokenizer.sep_token]
    ids = np.full((1, max_seq_length), tokenizer.pad_token_id, dtype="int64")
    ids[0, : len(tokens)] = tokenizer.convert_tokens_to_ids(tokens)
    mask = (np.arange(max_seq_length) < len(tokens)).astype("float32")
    return ids, mask, tokens


# %% exercise="prepare_bert_input" name="ids_first_and_np_pad"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    head = [tokenizer.cls_token, *tokenizer.tokenize(question), tokenizer.sep_token]
    tail = [*tokenizer.tokenize(passage)[: max_seq_length - len(head) - 1], tokenizer.sep_token]
    row = np.array(tokenizer.convert_tokens_to_ids(head) + tokenizer.convert_tokens_to_ids(tail))
    ids = np.pad(row, (0, max_seq_length - len(row)))
    return ids[np.newaxis, :], np.pad(np.ones(len(row), bool), (0, max_seq_length - len(row))), head + tail


# %% exercise="get_span_from_scores" name="two_loops"
def get_span_from_scores(start, end, mask):
    best, where = float("-inf"), None
    for i in range(len(start)):
        if not mask[i]:
            continue
        for j in range(i, len(end)):
            if mask[j] and float(start[i]) + float(end[j]) > best:
                best, where = float(start[i]) + float(end[j]), (i, j)
    return where


# %% exercise="get_span_from_scores" name="a_matrix_with_triu"
def get_span_from_scores(start, end, mask):
    s, e, m = np.array(start, "float64"), np.array(end, "float64"), np.array(mask) > 0
    total = s[:, None] + e[None, :]
    total = np.where(np.triu(np.ones(total.shape, bool)) & m[:, None] & m[None, :], total, -np.inf)
    return np.unravel_index(np.argmax(total), total.shape)


# %% exercise="get_span_from_scores" name="one_pass"
def get_span_from_scores(start, end, mask):
    start = np.where(np.asarray(mask) == 1, np.asarray(start, "float32"), -1e9)
    end = np.where(np.asarray(mask) == 1, np.asarray(end, "float32"), -1e9)
    i_best, best, answer = 0, -np.inf, [0, 0]
    for j in range(len(start)):
        if start[j] > start[i_best]:
            i_best = j
        if start[i_best] + end[j] > best:
            best, answer = start[i_best] + end[j], [i_best, j]
    return answer


# %% exercise="construct_answer" name="piece_by_piece"
def construct_answer(tokens):
    out = ""
    for piece in tokens:
        if piece.startswith("##"):
            out += piece[2:]
        elif out and "@" not in tokens:
            out += " " + piece
        else:
            out += piece
    return out


# %% exercise="construct_answer" name="regular_expression"
def construct_answer(tokens):
    text = re.sub(r"\s+##", "", " ".join(tokens)).strip()
    return re.sub(r"\s", "", text) if tokens.count("@") else text


# %% exercise="construct_answer" name="list_of_words"
def construct_answer(tokens):
    words = []
    for piece in list(tokens):
        if piece[:2] == "##":
            words[-1] += piece[2:]
        else:
            words.append(piece)
    return ("" if "@" in words else " ").join(words)


# %% exercise="exact_match_and_f1" name="translate_and_sub"
def exact_match_and_f1(prediction, truth):
    def clean(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return re.sub(r"\b(a|an|the)\b", " ", text).split()

    p, t = clean(prediction), clean(truth)
    em = int(" ".join(p) == " ".join(t))
    if len(p) == 0 or len(t) == 0:
        return em, em
    both = sum((Counter(p) & Counter(t)).values())
    return em, 2 * both / (len(p) + len(t))


# %% exercise="exact_match_and_f1" name="crossing_words_out"
def exact_match_and_f1(prediction, truth):
    lists = []
    for text in (prediction, truth):
        kept = "".join(c for c in text.lower() if c not in set(string.punctuation))
        lists.append([w for w in kept.split() if w not in {"a", "an", "the"}])
    p, t = lists
    if not p and not t:
        return True, 1.0
    if not p or not t:
        return False, 0.0
    left, shared = list(t), 0
    for word in p:
        if word in left:
            left.remove(word)
            shared += 1
    if not shared:
        return np.float32(0), np.float32(0)
    precision, recall = shared / len(p), shared / len(t)
    return p == t, 2 * precision * recall / (precision + recall)


# %% exercise="exact_match_and_f1" name="sets_of_words_with_minimum_counts"
def exact_match_and_f1(prediction, truth):
    def words(text):
        return re.sub(
            r"\b(the|an|a)\b", " ", re.sub("[" + re.escape(string.punctuation) + "]", "", text.lower())
        ).split()

    a, b = words(prediction), words(truth)
    if min(len(a), len(b)) == 0:
        same = float(len(a) == len(b))
        return np.array([same, same])
    shared = np.sum([min(a.count(w), b.count(w)) for w in set(a)])
    return np.array([a == b, 2 * shared / (len(a) + len(b))], dtype=float)
