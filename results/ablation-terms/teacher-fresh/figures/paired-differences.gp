# Draws paired-differences.csv; run `gnuplot paired-differences.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.9096 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width -0.5 textcolor rgb '#222222'
set tmargin at screen 0.8592
set rmargin at screen 0.952
set label 'Paired differences after 100 steps… per orbit of fresh weights minus …' at screen 0.02, screen 0.969 left noenhanced font ',22'
set label 'ablation-terms-teacher; 10 repetitions of 40 test runs' at screen 0.02, screen 0.9341 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [-0.004577699774236865:0.002738276762207079]
set xtics ('−0.004' -0.004, '−0.002' -0.002, '0.000' 0.0, '0.002' 0.002)
set xlabel 'difference of test losses;'."\n".'left of 0, learned per orbit'."\n".'of fresh weights is lower' noenhanced
set yrange [17.6:0.4]
set ytics ('tuned uniform' 1, 'tuned layer-factor by tensor' 2, 'tuned layer-factor by layer' 3, 'tuned weights and biases' 4, 'learned per tensor' 5, 'learned per parameter' 6, 'learned per parameter, orbit means' 7, 'pooled' 8, 'pooled, shrunk by signal' 9, 'tensors, then orbits' 10, 'tensors, shrunk by signal' 11, 'learned per tensor and 5 knots' 12, 'tensors by 5 knots, pooled with parameters' 13, 'learned per orbit of …sh weights and 5 knots' 14, 'learned per orbit of …ghts, shrunk by signal' 15, 'learned per parameter, shrunk by signal' 16, 'learned per parameter…unk by a step''s signal' 17) noenhanced scale 0
set grid noytics
set lmargin at screen 0.5289
set arrow from 0, graph 0 to 0, graph 1 nohead back linewidth 1.5 linecolor rgb '#444444'
left = -0.004577699774236865
right = 0.002738276762207079
inside(value) = (value < left ? left : value > right ? right : value)
set style fill solid 1 noborder

set terminal svg size 900,774 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'paired-differences.svg'
plot 'paired-differences.csv' skip 1 using (inside($3)):1:(inside($4)-inside($3)):(0) with vectors nohead linewidth 3 linecolor rgb '#0072b2' title '95 % interval', \
     '' skip 1 using ($4 > right ? right-(right-left)*0.03 : NaN):1:((right-left)*0.03):(0) with vectors head filled size screen 0.012,22 linewidth 3 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using ($3 < left ? left+(right-left)*0.03 : NaN):1:(-(right-left)*0.03):(0) with vectors head filled size screen 0.012,22 linewidth 3 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using ($2 < left || $2 > right ? NaN : $2):1 with points pointtype 7 pointsize 0.9 linecolor rgb '#0072b2' title 'estimate'

set terminal pngcairo size 900,774 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'paired-differences.png'
replot
set output
