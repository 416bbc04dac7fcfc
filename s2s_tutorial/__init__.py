"""Sequence-to-sequence models and attention, plain enough to read: the book's package.

The book imports it as ``import s2s_tutorial as s2s``. Data flows one way through its modules:
text, vocabulary, corpora, batch, attention, encoder, decoder, seq2seq, loss, search, metrics,
training, then plotting and widgets; a module imports only from those before it.
"""

from typing import TYPE_CHECKING

from s2s_tutorial.lazy_imports import lazy_imports

__version__ = "0.1.0"

if TYPE_CHECKING:  # read by lazy_imports: each line runs when one of its names is first asked for
    from s2s_tutorial.alignment_html import alignment_page, save_alignment_page
    from s2s_tutorial.attention import Attention, masked_softmax
    from s2s_tutorial.attention_decoder import AttentionDecoder, AttentionState
    from s2s_tutorial.bahdanau import BahdanauDecoder
    from s2s_tutorial.batch import Batch, pad
    from s2s_tutorial.batches import Batches, make_batches
    from s2s_tutorial.beam import BeamDecoded, beam_search
    from s2s_tutorial.beam_tree import SearchNode, length_penalty_factor
    from s2s_tutorial.checkpoint import (
        Checkpoint,
        CheckpointError,
        load_checkpoint,
        save_checkpoint,
    )
    from s2s_tutorial.context_feeding import ContextFeedingDecoder
    from s2s_tutorial.corpora import (
        CorpusFileError,
        Pair,
        ParallelCorpus,
        cache_dir,
        corpus_from_torchtext,
        list_corpora,
        load_corpus,
    )
    from s2s_tutorial.decoder import DecoderOutput, RNNDecoder, StepOutput
    from s2s_tutorial.device import pick_device, seed_everything
    from s2s_tutorial.embedding import TokenEmbedding
    from s2s_tutorial.encoder import Encoder, EncoderOutput
    from s2s_tutorial.evaluation import Evaluation, evaluate
    from s2s_tutorial.gradients import gradient_reach
    from s2s_tutorial.greedy import Decoded, greedy_decode
    from s2s_tutorial.history import History
    from s2s_tutorial.local_attention import LocalAttention
    from s2s_tutorial.location_aware import LocationAwareAttention
    from s2s_tutorial.loss import SequenceLoss, sequence_loss
    from s2s_tutorial.luong import LuongDecoder
    from s2s_tutorial.metrics import (
        TextScore,
        alignment_error_rate,
        bleu,
        chrf,
        perplexity,
        sequence_accuracy,
        token_accuracy,
    )
    from s2s_tutorial.notebook import show_source
    from s2s_tutorial.plotting import (
        mean_interval,
        plot_attention,
        plot_history,
        plot_padding,
        plot_with_interval,
    )
    from s2s_tutorial.presets import list_presets
    from s2s_tutorial.resources import resource_path
    from s2s_tutorial.scheduled_sampling import Decay
    from s2s_tutorial.scores import (
        AdditiveAttention,
        ConcatAttention,
        DotAttention,
        GeneralAttention,
        LocationAttention,
    )
    from s2s_tutorial.search import decode_corpus
    from s2s_tutorial.seq2seq import Seq2Seq, build_model
    from s2s_tutorial.style import COLORS, use_style
    from s2s_tutorial.subwords import SubwordTokenizer
    from s2s_tutorial.text import (
        CharacterTokenizer,
        WhitespaceTokenizer,
        WordTokenizer,
        get_tokenizer,
    )
    from s2s_tutorial.torchtext_adapters import torchtext_ids
    from s2s_tutorial.train_config import TrainConfig
    from s2s_tutorial.training import fit
    from s2s_tutorial.translation import Translation
    from s2s_tutorial.translator import Translator
    from s2s_tutorial.unknown import replace_unknown
    from s2s_tutorial.vocabulary import (
        BOS,
        BOS_ID,
        EOS,
        EOS_ID,
        PAD,
        PAD_ID,
        UNK,
        UNK_ID,
        Vocabulary,
    )
    from s2s_tutorial.widgets import (
        AttentionExplorer,
        BeamTree,
        StepFigure,
        attention_orders,
        bahdanau_trace,
        encoder_decoder_trace,
        stacked_lstm_trace,
    )
else:
    __getattr__, __dir__, __all__ = lazy_imports(__name__)
