# Draws inner-curves.csv; run `gnuplot inner-curves.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.9029 left top vertical maxrows 8 Left reverse noenhanced samplen 2.2 width -7.1 textcolor rgb '#222222'
set tmargin at screen 0.5867
set rmargin at screen 0.952
set label 'Mean losses of test runs of 100 steps' at screen 0.02, screen 0.9667 left noenhanced font ',22'
set label 'ablation-terms; 10 repetitions of 40 test runs; first, last and lowest of 18 arms' at screen 0.02, screen 0.9293 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.0:100.0]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0, '80' 80.0, '100' 100.0)
set xlabel 'inner step' noenhanced
set yrange [0.08312388741552887:2.7643751379881967]
set logscale y
set ytics ('0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1.0, '2' 2.0)
set ylabel 'test loss' noenhanced
of(number, value) = (column(1) == number ? value : NaN)
bottom = 0.08312388749865275
top = 2.7643751352238213
inside(value) = (value < bottom ? bottom : value > top ? top : value)
set style fill solid 0.18 noborder

set terminal svg size 900,721 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'inner-curves.svg'
plot 'inner-curves.csv' skip 1 using (of(8, $2)):3 with lines linewidth 2.4 linecolor rgb '#0072b2' dashtype (9,4) notitle, \
     '' skip 1 using (of(7, $2)):3 with lines linewidth 2.4 linecolor rgb '#000000' notitle, \
     '' skip 1 using (of(6, $2)):3 with lines linewidth 2.4 linecolor rgb '#56b4e9' notitle, \
     '' skip 1 using (of(5, $2)):3 with lines linewidth 2.4 linecolor rgb '#e69f00' notitle, \
     '' skip 1 using (of(4, $2)):3 with lines linewidth 2.4 linecolor rgb '#cc79a7' notitle, \
     '' skip 1 using (of(3, $2)):3 with lines linewidth 2.4 linecolor rgb '#009e73' notitle, \
     '' skip 1 using (of(2, $2)):3 with lines linewidth 2.4 linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(1, $2)):3 with lines linewidth 2.4 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#0072b2' title 'tuned uniform', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#d55e00' title 'pooled', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#009e73' title 'pooled, shrunk by signal', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#cc79a7' title 'tensors, shrunk by signal', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#e69f00' title 'learned per tensor and 5 knots', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#56b4e9' title 'tensors by 5 knots, pooled with parameters', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#000000' title 'learned per orbit of fresh weights and 5 knots', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#0072b2' dashtype (9,4) title 'learned per orbit of fresh weights'

set terminal pngcairo size 900,721 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'inner-curves.png'
replot
set output
