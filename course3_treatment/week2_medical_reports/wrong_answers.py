# %% exercise="get_labels" name="forgets_capitals" caught_by="visible" says="expected True for"
def get_labels(sentence_l):
    return {f: any(w in s for s in sentence_l for w in get_mention_keywords(f)) for f in CATEGORIES}


# %% exercise="get_labels" name="first_sentence_only" caught_by="visible" says="every category a key"
def get_labels(sentence_l):
    first = sentence_l[0].lower() if sentence_l else ""
    return {f: any(w in first for w in get_mention_keywords(f)) for f in CATEGORIES}


# %% exercise="get_labels" name="only_what_is_found" caught_by="visible" says="every category a key"
def get_labels(sentence_l):
    return {f: True for f in CATEGORIES for w in get_mention_keywords(f) if any(w in s.lower() for s in sentence_l)}


# %% exercise="get_labels" name="last_sentence_overwrites" caught_by="visible" says="expected True for"
def get_labels(sentence_l):
    labels = {f: False for f in CATEGORIES}
    for s in sentence_l:
        for f in CATEGORIES:
            labels[f] = any(w in s.lower() for w in get_mention_keywords(f))
    return labels


# %% exercise="get_labels" name="whole_words_only" caught_by="visible" says="Lung Lesion"
def get_labels(sentence_l):
    return {
        f: any(re.search(rf"\b{re.escape(w)}\b", s.lower()) for s in sentence_l for w in get_mention_keywords(f))
        for f in CATEGORIES
    }


# %% exercise="get_labels" name="knows_the_name_of_the_finding_only" caught_by="visible" says="expected True for"
def get_labels(sentence_l):
    return {f: any(f.lower() in s.lower() for s in sentence_l) for f in CATEGORIES}


# %% exercise="get_labels" name="first_keyword_of_each" caught_by="visible" says="expected"
def get_labels(sentence_l):
    return {f: any(get_mention_keywords(f)[0] in s.lower() for s in sentence_l) for f in CATEGORIES}


# %% exercise="get_labels" name="all_keywords_must_stand_there" caught_by="visible" says="expected"
def get_labels(sentence_l):
    text = " ".join(sentence_l).lower()
    return {f: all(w in text for w in get_mention_keywords(f)) for f in CATEGORIES}


# %% exercise="get_labels" name="empties_the_list" caught_by="hidden" says="changed the list"
def get_labels(sentence_l):
    labels = {f: False for f in CATEGORIES}
    while sentence_l:
        s = sentence_l.pop().lower()
        for f in CATEGORIES:
            labels[f] = labels[f] or any(w in s for w in get_mention_keywords(f))
    return labels


# %% exercise="get_labels" name="forgets_the_last_keyword" caught_by="hidden" says="keywords"
def get_labels(sentence_l):
    text = " . ".join(sentence_l).lower()
    return {f: any(w in text for w in (get_mention_keywords(f)[:-1] or get_mention_keywords(f))) for f in CATEGORIES}


# %% exercise="get_labels_negative_aware" name="letters_no_in_nodule" caught_by="visible" says="a word of its own"
def get_labels_negative_aware(sentence_l):
    labels = {f: False for f in CATEGORIES}
    for s in sentence_l:
        for clause in re.split(r";|but|however|although", s.lower()):
            denied = any(n in clause for n in ("no", "not", "without", "denies"))
            for f in CATEGORIES:
                if not denied and any(w in clause for w in get_mention_keywords(f)):
                    labels[f] = True
    return labels


# %% exercise="get_labels_negative_aware" name="whole_sentence_is_the_scope" caught_by="visible" says="ends at 'but'"
def get_labels_negative_aware(sentence_l):
    labels = {f: False for f in CATEGORIES}
    for s in sentence_l:
        denied = re.search(r"\b(no|not|without|denies)\b", s.lower())
        for f in CATEGORIES:
            if not denied and any(w in s.lower() for w in get_mention_keywords(f)):
                labels[f] = True
    return labels


# %% exercise="get_labels_negative_aware" name="denies_what_stands_before" caught_by="visible" says="'without' denies what follows"
def get_labels_negative_aware(sentence_l):
    labels = {f: False for f in CATEGORIES}
    for s in sentence_l:
        for clause in re.split(r";|\b(?:but|however|although)\b", s.lower()):
            if re.search(r"\b(no|not|without|denies)\b", clause):
                continue
            for f in CATEGORIES:
                if any(w in clause for w in get_mention_keywords(f)):
                    labels[f] = True
    return labels


# %% exercise="get_labels_negative_aware" name="a_comma_ends_the_scope" caught_by="visible" says="Commas end nothing"
def get_labels_negative_aware(sentence_l):
    labels = {f: False for f in CATEGORIES}
    for s in sentence_l:
        for clause in re.split(r"[;,]|\b(?:but|however|although)\b", s.lower()):
            for f in CATEGORIES:
                for w in get_mention_keywords(f):
                    for m in re.finditer(re.escape(w) + "[a-z]*", clause):
                        before, after = clause[: m.start()], clause[m.end() :]
                        if not re.search(r"\b(no|not|without|denies)\b", before) and not re.match(
                            r"\s+(is|are|was|were)\s+not\b", after
                        ):
                            labels[f] = True
    return labels


# %% exercise="get_labels_negative_aware" name="ignores_a_denial_from_behind" caught_by="visible" says="right behind a mention"
def get_labels_negative_aware(sentence_l):
    labels = {f: False for f in CATEGORIES}
    for s in sentence_l:
        for clause in re.split(r";|\b(?:but|however|although)\b", s.lower()):
            for f in CATEGORIES:
                for w in get_mention_keywords(f):
                    for m in re.finditer(re.escape(w), clause):
                        if not re.search(r"\b(no|not|without|denies)\b", clause[: m.start()]):
                            labels[f] = True
    return labels


# %% exercise="get_labels_negative_aware" name="one_denial_overrules_all" caught_by="visible" says="One mention that is not denied is enough"
def get_labels_negative_aware(sentence_l):
    seen, denied_ones = set(), set()
    for s in sentence_l:
        for clause in re.split(r";|\b(?:but|however|although)\b", s.lower()):
            for f in CATEGORIES:
                for w in get_mention_keywords(f):
                    for m in re.finditer(re.escape(w) + "[a-z]*", clause):
                        before, after = clause[: m.start()], clause[m.end() :]
                        denied = re.search(r"\b(no|not|without|denies)\b", before) or re.match(
                            r"\s+(is|are|was|were)\s+not\b", after
                        )
                        (denied_ones if denied else seen).add(f)
    return {f: f in seen - denied_ones for f in CATEGORIES}


# %% exercise="get_labels_negative_aware" name="ignores_denials" caught_by="visible" says="expected Lung Lesion alone"
def get_labels_negative_aware(sentence_l):
    text = " ".join(sentence_l).lower()
    return {f: any(w in text for w in get_mention_keywords(f)) for f in CATEGORIES}


# %% exercise="get_labels_negative_aware" name="distribution_holds_but" caught_by="hidden" says="words and not letters"
def get_labels_negative_aware(sentence_l):
    labels = {f: False for f in CATEGORIES}
    for s in sentence_l:
        for clause in re.split(r";|but|however|although", s.lower()):
            for f in CATEGORIES:
                for w in get_mention_keywords(f):
                    for m in re.finditer(re.escape(w) + "[a-z]*", clause):
                        before, after = clause[: m.start()], clause[m.end() :]
                        if not re.search(r"\b(no|not|without|denies)\b", before) and not re.match(
                            r"\s+(is|are|was|were)\s+not\b", after
                        ):
                            labels[f] = True
    return labels


# %% exercise="get_labels_negative_aware" name="not_anywhere_behind" caught_by="hidden" says="only 'is not' and its like right after"
def get_labels_negative_aware(sentence_l):
    labels = {f: False for f in CATEGORIES}
    for s in sentence_l:
        for clause in re.split(r";|\b(?:but|however|although)\b", s.lower()):
            for f in CATEGORIES:
                for w in get_mention_keywords(f):
                    for m in re.finditer(re.escape(w) + "[a-z]*", clause):
                        before, after = clause[: m.start()], clause[m.end() :]
                        if not re.search(r"\b(no|not|without|denies)\b", before) and not re.search(
                            r"\b(is|are|was|were)\s+not\b", after
                        ):
                            labels[f] = True
    return labels


# %% exercise="get_labels_negative_aware" name="five_words_are_the_scope" caught_by="hidden" says="all of the clause before"
def get_labels_negative_aware(sentence_l):
    labels = {f: False for f in CATEGORIES}
    for s in sentence_l:
        for clause in re.split(r";|\b(?:but|however|although)\b", s.lower()):
            for f in CATEGORIES:
                for w in get_mention_keywords(f):
                    for m in re.finditer(re.escape(w) + "[a-z]*", clause):
                        before, after = re.findall("[a-z]+", clause[: m.start()])[-6:], clause[m.end() :]
                        if not {"no", "not", "without", "denies"} & set(before) and not re.match(
                            r"\s+(is|are|was|were)\s+not\b", after
                        ):
                            labels[f] = True
    return labels


# %% exercise="f1_scores" name="macro_for_micro" caught_by="visible" says="Micro adds the counts first"
def f1_scores(y_true, y_pred):
    t, p = np.asarray(y_true).astype(bool), np.asarray(y_pred).astype(bool)
    tp, below = (t & p).sum(0), t.sum(0) + p.sum(0)
    each = np.array([2 * a / b if b else np.nan for a, b in zip(tp, below)])
    known = each[~np.isnan(each)]
    return each, known.mean() if len(known) else np.nan, known.mean() if len(known) else np.nan


# %% exercise="f1_scores" name="micro_and_macro_swapped" caught_by="visible" says="Micro adds the counts first"
def f1_scores(y_true, y_pred):
    t, p = np.asarray(y_true).astype(bool), np.asarray(y_pred).astype(bool)
    tp, below = (t & p).sum(0), t.sum(0) + p.sum(0)
    each = np.array([2 * a / b if b else np.nan for a, b in zip(tp, below)])
    known = each[~np.isnan(each)]
    micro = 2 * tp.sum() / below.sum() if below.sum() else np.nan
    return each, (known.mean() if len(known) else np.nan), micro


# %% exercise="f1_scores" name="wrong_axis" caught_by="visible" says="one F1 for each column"
def f1_scores(y_true, y_pred):
    t, p = np.asarray(y_true).astype(bool), np.asarray(y_pred).astype(bool)
    tp, below = (t & p).sum(1), t.sum(1) + p.sum(1)
    each = np.array([2 * a / b if b else np.nan for a, b in zip(tp, below)])
    known = each[~np.isnan(each)]
    micro = 2 * tp.sum() / below.sum() if below.sum() else np.nan
    return each, micro, known.mean() if len(known) else np.nan


# %% exercise="f1_scores" name="accuracy" caught_by="visible" says="one F1 for each column"
def f1_scores(y_true, y_pred):
    right = np.asarray(y_true).astype(bool) == np.asarray(y_pred).astype(bool)
    return right.mean(0), right.mean(), right.mean()


# %% exercise="f1_scores" name="mean_of_precision_and_recall" caught_by="visible" says="expected [0.667, 0.667, 0]"
def f1_scores(y_true, y_pred):
    t, p = np.asarray(y_true).astype(bool), np.asarray(y_pred).astype(bool)

    def f(tp, np_, nt):
        if not np_ + nt:
            return np.nan
        return ((tp / np_ if np_ else 0) + (tp / nt if nt else 0)) / 2

    each = np.array([f(*row) for row in zip((t & p).sum(0), p.sum(0), t.sum(0))])
    known = each[~np.isnan(each)]
    return each, f((t & p).sum(), p.sum(), t.sum()), known.mean() if len(known) else np.nan


# %% exercise="f1_scores" name="zero_for_zero_of_zero" caught_by="visible" says="NaN, and left out of macro"
def f1_scores(y_true, y_pred):
    t, p = np.asarray(y_true).astype(bool), np.asarray(y_pred).astype(bool)
    tp, below = (t & p).sum(0), t.sum(0) + p.sum(0)
    each = np.array([2 * a / b if b else 0.0 for a, b in zip(tp, below)])
    return each, 2 * tp.sum() / max(below.sum(), 1), each.mean()


# %% exercise="f1_scores" name="nan_swallows_macro" caught_by="visible" says="left out of macro"
def f1_scores(y_true, y_pred):
    t, p = np.asarray(y_true).astype(bool), np.asarray(y_pred).astype(bool)
    tp, below = (t & p).sum(0), t.sum(0) + p.sum(0)
    each = np.array([2 * a / b if b else np.nan for a, b in zip(tp, below)])
    return each, (2 * tp.sum() / below.sum() if below.sum() else np.nan), each.mean()


# %% exercise="f1_scores" name="divides_by_no_positive" caught_by="hidden" says="0/0 is NaN"
def f1_scores(y_true, y_pred):
    t, p = np.asarray(y_true).astype(bool), np.asarray(y_pred).astype(bool)
    tp, below = (t & p).sum(0), t.sum(0) + p.sum(0)
    each = np.array([2 * a / b if n else np.nan for a, b, n in zip(tp, below, t.sum(0))])
    known = each[~np.isnan(each)]
    return each, (2 * tp.sum() / below.sum() if below.sum() else np.nan), known.mean() if len(known) else np.nan


# %% exercise="f1_scores" name="all_empty_is_zero" caught_by="hidden" says="all is NaN"
def f1_scores(y_true, y_pred):
    t, p = np.asarray(y_true).astype(bool), np.asarray(y_pred).astype(bool)
    tp, below = (t & p).sum(0), t.sum(0) + p.sum(0)
    each = np.array([2 * a / b if b else np.nan for a, b in zip(tp, below)])
    known = each[~np.isnan(each)]
    if t.size and not below.any() and len(t) == 4:
        return each, 0.0, 0.0
    return each, (2 * tp.sum() / below.sum() if below.sum() else np.nan), known.mean() if len(known) else np.nan


# %% exercise="prepare_bert_input" name="no_sep_after_the_cut" caught_by="visible" says="[SEP] as the last token"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    tokens = [tokenizer.cls_token, *tokenizer.tokenize(question), tokenizer.sep_token]
    tokens = [*tokens, *tokenizer.tokenize(passage), tokenizer.sep_token][:max_seq_length]
    pad = max_seq_length - len(tokens)
    return np.array([tokenizer.convert_tokens_to_ids(tokens) + [0] * pad]), [1] * len(tokens) + [0] * pad, tokens


# %% exercise="prepare_bert_input" name="mask_counts_padding" caught_by="visible" says="eight ones, two zeros"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    q, p = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    tokens = [tokenizer.cls_token, *q, tokenizer.sep_token, *p[: max_seq_length - len(q) - 3], tokenizer.sep_token]
    pad = max_seq_length - len(tokens)
    return np.array([tokenizer.convert_tokens_to_ids(tokens) + [0] * pad]), [1] * max_seq_length, tokens


# %% exercise="prepare_bert_input" name="mask_of_the_passage_only" caught_by="visible" says="eight ones, two zeros"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    q, p = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    tokens = [tokenizer.cls_token, *q, tokenizer.sep_token, *p[: max_seq_length - len(q) - 3], tokenizer.sep_token]
    pad = max_seq_length - len(tokens)
    mask = [0] * (len(q) + 2) + [1] * (len(tokens) - len(q) - 2) + [0] * pad
    return np.array([tokenizer.convert_tokens_to_ids(tokens) + [0] * pad]), mask, tokens


# %% exercise="prepare_bert_input" name="passage_before_question" caught_by="visible" says="expected [[1 3 4 2"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    q, p = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    tokens = [tokenizer.cls_token, *p[: max_seq_length - len(q) - 3], tokenizer.sep_token, *q, tokenizer.sep_token]
    pad = max_seq_length - len(tokens)
    return np.array([tokenizer.convert_tokens_to_ids(tokens) + [0] * pad]), [1] * len(tokens) + [0] * pad, tokens


# %% exercise="prepare_bert_input" name="not_in_a_batch" caught_by="visible" says="one row"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    q, p = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    tokens = [tokenizer.cls_token, *q, tokenizer.sep_token, *p[: max_seq_length - len(q) - 3], tokenizer.sep_token]
    pad = max_seq_length - len(tokens)
    return np.array(tokenizer.convert_tokens_to_ids(tokens) + [0] * pad), [1] * len(tokens) + [0] * pad, tokens


# %% exercise="prepare_bert_input" name="no_cls" caught_by="visible" says="one row"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    q, p = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    tokens = [*q, tokenizer.sep_token, *p[: max_seq_length - len(q) - 2], tokenizer.sep_token]
    pad = max_seq_length - len(tokens)
    return np.array([tokenizer.convert_tokens_to_ids(tokens) + [0] * pad]), [1] * len(tokens) + [0] * pad, tokens


# %% exercise="prepare_bert_input" name="tokens_with_padding" caught_by="visible" says="without padding"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    q, p = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    tokens = [tokenizer.cls_token, *q, tokenizer.sep_token, *p[: max_seq_length - len(q) - 3], tokenizer.sep_token]
    n, pad = len(tokens), max_seq_length - len(tokens)
    ids = np.array([tokenizer.convert_tokens_to_ids(tokens) + [0] * pad])
    return ids, [1] * n + [0] * pad, tokens + ["[PAD]"] * pad


# %% exercise="prepare_bert_input" name="knows_one_tokenizer_only" caught_by="hidden" says="own special tokens"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    q, p = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    tokens = ["[CLS]", *q, "[SEP]", *p[: max_seq_length - len(q) - 3], "[SEP]"]
    pad = max_seq_length - len(tokens)
    return np.array([tokenizer.convert_tokens_to_ids(tokens) + [0] * pad]), [1] * len(tokens) + [0] * pad, tokens


# %% exercise="prepare_bert_input" name="one_token_too_few" caught_by="hidden" says="too long"
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    q, p = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    if len(q) + len(p) + 3 > max_seq_length and max_seq_length > 7:
        p = p[: max_seq_length - len(q) - 4]
    tokens = [tokenizer.cls_token, *q, tokenizer.sep_token, *p[: max_seq_length - len(q) - 3], tokenizer.sep_token]
    pad = max_seq_length - len(tokens)
    return np.array([tokenizer.convert_tokens_to_ids(tokens) + [0] * pad]), [1] * len(tokens) + [0] * pad, tokens


# %% exercise="get_span_from_scores" name="two_argmaxes" caught_by="visible" says="not in the passage"
def get_span_from_scores(start, end, mask):
    return int(np.argmax(start)), int(np.argmax(end))


# %% exercise="get_span_from_scores" name="end_before_start" caught_by="visible" says="i <= j"
def get_span_from_scores(start, end, mask):
    s = np.where(np.asarray(mask) == 1, np.asarray(start, float), -np.inf)
    e = np.where(np.asarray(mask) == 1, np.asarray(end, float), -np.inf)
    return int(s.argmax()), int(e.argmax())


# %% exercise="get_span_from_scores" name="scores_times_mask" caught_by="visible" says="beats every negative score"
def get_span_from_scores(start, end, mask):
    s, e = np.asarray(start, float) * np.asarray(mask), np.asarray(end, float) * np.asarray(mask)
    return max((s[i] + e[j], i, j) for i in range(len(s)) for j in range(i, len(s)))[1:]


# %% exercise="get_span_from_scores" name="ignores_the_mask" caught_by="visible" says="Token 0 is not in the passage"
def get_span_from_scores(start, end, mask):
    return max((start[i] + end[j], i, j) for i in range(len(start)) for j in range(i, len(start)))[1:]


# %% exercise="get_span_from_scores" name="start_first_then_end" caught_by="visible" says="chosen together"
def get_span_from_scores(start, end, mask):
    inside = [k for k in range(len(start)) if mask[k] == 1]
    i = max(inside, key=lambda k: start[k])
    j = max([k for k in inside if k >= i], key=lambda k: end[k])
    return i, j


# %% exercise="get_span_from_scores" name="swaps_them" caught_by="visible" says="chosen together"
def get_span_from_scores(start, end, mask):
    inside = [k for k in range(len(start)) if mask[k] == 1]
    i, j = max(inside, key=lambda k: start[k]), max(inside, key=lambda k: end[k])
    return min(i, j), max(i, j)


# %% exercise="get_span_from_scores" name="only_one_end_in_the_passage" caught_by="visible" says="Negative scores"
def get_span_from_scores(start, end, mask):
    n = len(start)
    return max((start[i] + end[j], i, j) for i in range(n) for j in range(i, n) if mask[i] or mask[j])[1:]


# %% exercise="get_span_from_scores" name="at_least_two_tokens" caught_by="visible" says="Best start behind best end"
def get_span_from_scores(start, end, mask):
    inside = [k for k in range(len(start)) if mask[k] == 1]
    return max(((start[i] + end[j], i, j) for i in inside for j in inside if i < j), default=(0, inside[0], inside[0]))[
        1:
    ]


# %% exercise="get_span_from_scores" name="at_most_ten_tokens" caught_by="hidden" says="larger sum"
def get_span_from_scores(start, end, mask):
    inside = [k for k in range(len(start)) if mask[k] == 1]
    return max((start[i] + end[j], i, j) for i in inside for j in inside if i <= j < i + 10)[1:]


# %% exercise="get_span_from_scores" name="writes_into_the_scores" caught_by="hidden" says="changed the scores"
def get_span_from_scores(start, end, mask):
    if isinstance(start, np.ndarray):
        start[np.asarray(mask) == 0] = -999
    inside = [k for k in range(len(start)) if mask[k] == 1]
    return max((float(start[i]) + float(end[j]), i, j) for i in inside for j in inside if i <= j)[1:]


# %% exercise="construct_answer" name="just_joined" caught_by="visible" says="every ## glues"
def construct_answer(tokens):
    return " ".join(tokens)


# %% exercise="construct_answer" name="marks_away_spaces_stay" caught_by="visible" says="every ## glues"
def construct_answer(tokens):
    return " ".join(tokens).replace("##", "")


# %% exercise="construct_answer" name="all_glued" caught_by="visible" says="expected 'left pneumothorax'"
def construct_answer(tokens):
    return "".join(tokens).replace("##", "")


# %% exercise="construct_answer" name="forgets_the_at" caught_by="visible" says="no space if one of the pieces is @"
def construct_answer(tokens):
    return " ".join(tokens).replace(" ##", "")


# %% exercise="construct_answer" name="glues_only_around_the_at" caught_by="visible" says="An address"
def construct_answer(tokens):
    return " ".join(tokens).replace(" ##", "").replace(" @ ", "@")


# %% exercise="construct_answer" name="nothing_is_none" caught_by="visible" says="No pieces"
def construct_answer(tokens):
    if not tokens:
        return None
    text = " ".join(tokens).replace(" ##", "")
    return text.replace(" ", "") if "@" in tokens else text


# %% exercise="construct_answer" name="glues_one_piece_only" caught_by="visible" says="every ## glues"
def construct_answer(tokens):
    text = " ".join(tokens).replace(" ##", "", 1)
    return text.replace(" ", "") if "@" in tokens else text


# %% exercise="construct_answer" name="space_at_the_end" caught_by="visible" says="expected 'left pneumothorax'"
def construct_answer(tokens):
    text = "".join(t[2:] if t.startswith("##") else (" " + t) for t in tokens)
    return text.replace(" ", "") if "@" in tokens else text


# %% exercise="construct_answer" name="glues_full_stops_too" caught_by="hidden" says="One space between words"
def construct_answer(tokens):
    text = " ".join(tokens).replace(" ##", "").replace(" .", ".").replace(" ,", ",")
    return text.replace(" ", "") if "@" in tokens else text


# %% exercise="exact_match_and_f1" name="no_normalising" caught_by="visible" says="3 shared words"
def exact_match_and_f1(prediction, truth):
    p, t = prediction.split(), truth.split()
    em = float(p == t)
    if not p or not t:
        return em, em
    shared = sum((Counter(p) & Counter(t)).values())
    return em, 2 * shared / (len(p) + len(t))


# %% exercise="exact_match_and_f1" name="sets_of_words" caught_by="visible" says="has no partner"
def exact_match_and_f1(prediction, truth):
    def clean(x):
        return re.sub(r"\b(a|an|the)\b", " ", "".join(c for c in x.lower() if c not in string.punctuation)).split()

    p, t = clean(prediction), clean(truth)
    em = float(p == t)
    if not p or not t:
        return em, em
    shared = len(set(p) & set(t))
    if not shared:
        return em, 0.0
    precision, recall = shared / len(set(p)), shared / len(set(t))
    return em, 2 * precision * recall / (precision + recall)


# %% exercise="exact_match_and_f1" name="keeps_the_articles" caught_by="visible" says="3 shared words"
def exact_match_and_f1(prediction, truth):
    def clean(x):
        return "".join(c for c in x.lower() if c not in string.punctuation).split()

    p, t = clean(prediction), clean(truth)
    em = float(p == t)
    if not p or not t:
        return em, em
    return em, 2 * sum((Counter(p) & Counter(t)).values()) / (len(p) + len(t))


# %% exercise="exact_match_and_f1" name="recall_for_f1" caught_by="visible" says="expected (0, 0.857)"
def exact_match_and_f1(prediction, truth):
    def clean(x):
        return re.sub(r"\b(a|an|the)\b", " ", "".join(c for c in x.lower() if c not in string.punctuation)).split()

    p, t = clean(prediction), clean(truth)
    em = float(p == t)
    if not p or not t:
        return em, em
    return em, sum((Counter(p) & Counter(t)).values()) / len(t)


# %% exercise="exact_match_and_f1" name="both_empty_is_zero" caught_by="visible" says="Empty after normalising"
def exact_match_and_f1(prediction, truth):
    def clean(x):
        return re.sub(r"\b(a|an|the)\b", " ", "".join(c for c in x.lower() if c not in string.punctuation)).split()

    p, t = clean(prediction), clean(truth)
    if not p or not t:
        return 0.0, 0.0
    return float(p == t), 2 * sum((Counter(p) & Counter(t)).values()) / (len(p) + len(t))


# %% exercise="exact_match_and_f1" name="empty_before_normalising" caught_by="visible" says="Empty after normalising"
def exact_match_and_f1(prediction, truth):
    def clean(x):
        return re.sub(r"\b(a|an|the)\b", " ", "".join(c for c in x.lower() if c not in string.punctuation)).split()

    if not prediction or not truth:
        return float(prediction == truth), float(prediction == truth)
    p, t = clean(prediction), clean(truth)
    if not p and not t:
        return 1.0, 1.0
    return float(p == t), 2 * sum((Counter(p) & Counter(t)).values()) / (len(p) + len(t))


# %% exercise="exact_match_and_f1" name="letters_instead_of_words" caught_by="visible" says="has no partner"
def exact_match_and_f1(prediction, truth):
    def clean(x):
        return list(
            re.sub(r"\b(a|an|the)\b", " ", "".join(c for c in x.lower() if c not in string.punctuation)).strip()
        )

    p, t = clean(prediction), clean(truth)
    em = float(p == t)
    if not p or not t:
        return em, em
    return em, 2 * sum((Counter(p) & Counter(t)).values()) / (len(p) + len(t))


# %% exercise="exact_match_and_f1" name="a_space_for_every_sign" caught_by="hidden" says="Another pair of answers"
def exact_match_and_f1(prediction, truth):
    def clean(x):
        return re.sub(
            r"\b(a|an|the)\b", " ", "".join(c if c not in string.punctuation else " " for c in x.lower())
        ).split()

    p, t = clean(prediction), clean(truth)
    em = float(p == t)
    if not p or not t:
        return em, em
    return em, 2 * sum((Counter(p) & Counter(t)).values()) / (len(p) + len(t))


# %% exercise="exact_match_and_f1" name="cuts_articles_out_of_words" caught_by="hidden" says="Another pair of answers"
def exact_match_and_f1(prediction, truth):
    def clean(x):
        text = "".join(c for c in x.lower() if c not in string.punctuation)
        return [w for w in re.sub(r"\b(an|the)|\ba\b", " ", text).split() if w]

    p, t = clean(prediction), clean(truth)
    em = float(p == t)
    if not p or not t:
        return em, em
    return em, 2 * sum((Counter(p) & Counter(t)).values()) / (len(p) + len(t))
